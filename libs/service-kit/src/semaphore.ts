/** Limits concurrency: at most `limit` pieces of work run at the same time, the others wait in order of arrival. */
export class Semaphore {
  readonly #limit: number;
  readonly #waiting: { start: () => void }[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Pieces of work that wait to begin. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Runs the work as soon as the limit allows. Work that waits when the signal is aborted rejects with the signal's reason.
   * @param work may call `leave` when what is left of it needs no place any more
   */
  async run<T>(work: (leave: () => void) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    let hasPlace = true;
    const leave = () => {
      if (hasPlace) this.#leave();
      hasPlace = false;
    };
    try {
      return await work(leave);
    } finally {
      leave();
    }
  }

  #enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#running < this.#limit) {
      this.#running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('Aborted'));
      };
      const entry = {
        start: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.#waiting.push(entry);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next.start();
  }
}
