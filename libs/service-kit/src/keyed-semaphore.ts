import { Semaphore } from './semaphore.ts';

/** Lets at most `limit` pieces of work run at the same time under each key; the others wait in their order. */
export class KeyedSemaphore {
  readonly #limit: number;
  /** Only keys with work that runs or waits. */
  readonly #entries = new Map<string, { semaphore: Semaphore; users: number }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** As {@link Semaphore.run}, among the work under the same key. */
  async run<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
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
