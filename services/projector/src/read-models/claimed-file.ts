import { sleep, tryLockFile } from '@alfa-cloud/service-kit';

/** Another projector works on the same file: two would overwrite each other's rows. */
export class ReadModelsInUse extends Error {
  override name = 'ReadModelsInUse';
}

/** A file of read models that is this process's alone. */
export interface ClaimedFile {
  readonly file: string;
  /** Lets another process have it. Ending the process does the same, however it ends. */
  release(): void;
}

const lookAgainMs = 200;

/**
 * Takes the first of the files that no other projector has.
 * @param files in the order of preference
 * @param patienceMs how long to wait for one: the projector that was here before may be about to end
 * @throws ReadModelsInUse when all are still taken then
 */
export const claimFile = async (files: readonly string[], patienceMs = 5000): Promise<ClaimedFile> => {
  for (const end = performance.now() + patienceMs; ;) {
    for (const file of files) {
      // Not the file of the read models itself, since that one is deleted and made anew.
      const lock = tryLockFile(`${file}.lock`);
      if (lock !== null) return { file, release: () => lock.release() };
    }
    if (performance.now() >= end) throw inUse(files);
    await sleep(lookAgainMs);
  }
};

const inUse = (files: readonly string[]): ReadModelsInUse =>
  new ReadModelsInUse(
    files.length === 1
      ? `Another projector works on ${files.join()}. Give each replica a directory of its own (ALFA_DATA_DIR), or let them share one with room for ` +
          'several (ALFA_PROJECTOR_PLACES); docs/operations.md, "More than one projector"'
      : `Other projectors work on all of ${files.join(', ')}. Raise ALFA_PROJECTOR_PLACES, or run fewer`,
  );
