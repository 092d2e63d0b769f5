/**
 * Work by key, never twice at once for the same one: what is asked for while it is done is done once more after it, and `isOverdue` tells
 * the work so.
 */
export const coalesced = (
  work: (key: string, isOverdue: () => boolean) => Promise<void>,
  failed: (key: string, error: unknown) => void,
) => {
  const running = new Map<string, { again: boolean; done: Promise<void> }>();
  const run = async (key: string, entry: { again: boolean }): Promise<void> => {
    try {
      do {
        entry.again = false;
        await work(key, () => entry.again);
      } while (entry.again);
    } catch (error) {
      failed(key, error);
    } finally {
      running.delete(key);
    }
  };
  return {
    /** Resolves when no more is asked for that key; never rejects. */
    soon(key: string): Promise<void> {
      const known = running.get(key);
      if (known !== undefined) {
        known.again = true;
        return known.done;
      }
      const entry = { again: false, done: Promise.resolve() };
      running.set(key, entry);
      entry.done = run(key, entry);
      return entry.done;
    },
    ended: async () => void (await Promise.all([...running.values()].map(({ done }) => done))),
  };
};
