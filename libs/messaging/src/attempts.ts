import { ATTEMPTS_STREAM, subjects } from '@alfa-cloud/contracts';
import { retry, Semaphore, sleep } from '@alfa-cloud/service-kit';
import type { Link } from './link.ts';
import { readLast, remember } from './remembered.ts';

/**
 * Durable account of how often a command was begun.
 * JetStream's own count grows also for commands that only waited in a process that another command killed again and again,
 * or that were handed back; taking that count for their fault would throw away the innocent together with the guilty.
 * The first run is not written down, so the count stands one short and a command that goes well costs nothing.
 */
export interface Attempts {
  /** Runs written down so far. */
  count(commandId: string): Promise<number>;
  write(commandId: string, runs: number): Promise<void>;
}

const deadlineMs = 10_000;

export const createAttempts = (link: Link): Attempts => ({
  async count(commandId) {
    const value = await retry(
      async () => {
        await link.ready(deadlineMs);
        return await readLast(link, ATTEMPTS_STREAM, subjects.attempts(commandId));
      },
      { deadlineMs },
    );
    return typeof value === 'number' ? value : 0;
  },
  write: (commandId, runs) =>
    retry(
      async () => {
        await link.ready(deadlineMs);
        await remember(link, subjects.attempts(commandId), runs, { first: false });
      },
      { deadlineMs },
    ),
});

const quietMs = 20_000;

/**
 * Lets commands that were begun before, more than once and without an end, begin one after the other.
 * The one that kills the process is then alone when it does. After 20 s of quiet the next may begin beside it.
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
