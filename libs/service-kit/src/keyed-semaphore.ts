import { Semaphore } from './semaphore.ts';

/** Lets at most `limit` pieces of work run at the same time under each key; the others wait in their order. */
export class KeyedSemaphore {
  readonly #limit: number;
  /** Only keys with work that runs or waits. */
  readonly #entries = new Map<string, { semaphore: Semaphore; users: number }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * As {@link Semaphore.run}, among the work under the same key. Under several keys it waits for one after the other in a fixed order, so
   * that no two pieces of work ever wait for each other; under none it runs at once. `leave` gives up the places under all keys.
   */
  run<T>(
    keys: string | readonly string[],
    work: (leave: () => void) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    if (typeof keys === 'string') return this.#runUnder(keys, work, signal);
    const inOrder = [...new Set(keys)].toSorted();
    const inside = (next: typeof work, key: string) => (leaveOuter: () => void) => {
      const both = (leave: () => void) =>
        next(() => {
          leave();
          leaveOuter();
        });
      return this.#runUnder(key, both, signal);
    };
    return inOrder.reduceRight(inside, work)(() => undefined);
  }

  async #runUnder<T>(key: string, work: (leave: () => void) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const entry = this.#entries.get(key) ?? { semaphore: new Semaphore(this.#limit), users: 0 };
    this.#entries.set(key, entry);
    entry.users += 1;
    try {
      return await entry.semaphore.run(work, signal);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) this.#entries.delete(key);
    }
  }
}
