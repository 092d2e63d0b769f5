import { Semaphore } from '@alfa-cloud/service-kit';

/** Runs work under a key, at most `limit` pieces a key at the same time; the others wait in their order. */
export type Turns = <T>(key: string, work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** Remembers a key only while there is work under it. */
export const createTurns = (limit: number): Turns => {
  const entries = new Map<string, { semaphore: Semaphore; users: number }>();
  return async (key, work, signal) => {
    const entry = entries.get(key) ?? { semaphore: new Semaphore(limit), users: 0 };
    entries.set(key, entry);
    entry.users += 1;
    try {
      return await entry.semaphore.run(work, signal);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) entries.delete(key);
    }
  };
};
