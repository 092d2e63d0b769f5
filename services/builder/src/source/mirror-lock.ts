import { StepFailure } from '@alfa-cloud/operations';
import { message } from '@alfa-cloud/contracts';
import { KeyedSemaphore, sleep, tryLockFile } from '@alfa-cloud/service-kit';

const lookAgainMs = 200;

/** In the order in which they came, within this process. */
const own = new KeyedSemaphore(1);

/**
 * Does work on a mirror while nobody else does, in this process or in another one.
 * @param patienceMs longer than everything that is done under the lock
 * @throws StepFailure transient, when another process keeps it for longer than any work takes
 */
export const withMirrorLock = async <T>(
  mirror: string,
  { signal, patienceMs }: { signal: AbortSignal | undefined; patienceMs: number },
  work: () => Promise<T>,
): Promise<T> =>
  own.run(
    mirror,
    async () => {
      const lock = await lockOf(mirror, signal, patienceMs);
      try {
        return await work();
      } finally {
        lock.release();
      }
    },
    signal,
  );

const lockOf = async (mirror: string, signal: AbortSignal | undefined, patienceMs: number) => {
  for (const end = performance.now() + patienceMs; ;) {
    const lock = tryLockFile(`${mirror}.lock`);
    if (lock !== null) return lock;
    if (performance.now() >= end) {
      throw new StepFailure(
        'transient',
        'mirror_in_use',
        message`Another builder works on the copy of the repository for too long`,
      );
    }
    await sleep(lookAgainMs, signal);
  }
};
