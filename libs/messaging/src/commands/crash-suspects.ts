import { Semaphore, sleep } from '@alfa-cloud/service-kit';

const quietMs = 20_000;

/**
 * Starts commands that may have killed a process (begun more than once, never ended) one after the other: the next starts when the one before
 * has ended or run for 20 s. The command that kills the process then does so alone, and only its own attempts are used up.
 */
export const createSuspectQueue = () => {
  const one = new Semaphore(1);
  return {
    run: <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        const begin = async (): Promise<void> => {
          const working = work();
          working.then(resolve, reject);
          const quiet = new AbortController();
          await Promise.race([working, sleep(quietMs, quiet.signal)]).catch(() => {});
          quiet.abort();
        };
        one.run(begin, signal).catch(reject);
      }),
  };
};

export type SuspectQueue = ReturnType<typeof createSuspectQueue>;
