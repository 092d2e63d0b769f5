import { sleep } from '@alfa-cloud/service-kit';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

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
const sqliteBusy = 5;

/**
 * Takes the first of the files that no other projector has.
 * @param files in the order of preference
 * @param patienceMs how long to wait for one: the projector that was here before may be about to end
 * @throws ReadModelsInUse when all are still taken then
 */
export const claimFile = async (files: readonly string[], patienceMs = 5000): Promise<ClaimedFile> => {
  for (const end = performance.now() + patienceMs; ;) {
    for (const file of files) {
      const lock = tryLock(`${file}.lock`);
      if (lock !== null) return { file, release: () => lock.close() };
    }
    if (performance.now() >= end) throw inUse(files);
    await sleep(lookAgainMs);
  }
};

/**
 * SQLite's own exclusive lock on a file that holds nothing. The kernel frees it with the process, so none is ever left behind; it is not
 * the file of the read models itself, since that one is deleted and made anew.
 * @returns null when another process, or another part of this one, holds it
 */
const tryLock = (file: string): DatabaseSync | null => {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(file);
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (isBusy(error)) return null;
    throw error;
  }
};

const isBusy = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === sqliteBusy;

const inUse = (files: readonly string[]): ReadModelsInUse =>
  new ReadModelsInUse(
    files.length === 1
      ? `Another projector works on ${files.join()}. Give each replica a directory of its own (ALFA_DATA_DIR), or let them share one with room for ` +
          'several (ALFA_PROJECTOR_PLACES); docs/operations.md, "More than one projector"'
      : `Other projectors work on all of ${files.join(', ')}. Raise ALFA_PROJECTOR_PLACES, or run fewer`,
  );
