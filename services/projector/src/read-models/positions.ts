/** Queries that wait at most, at the same time; one more is answered at once with what there is. */
export const waitersMax = 1000;

interface Waiter {
  position: bigint;
  settle: (reached: boolean) => void;
}

/** Where the read models stand before the first event. */
export const beforeAll = -1n;

/** Lets queries wait until the read models have come as far as they need. Told after each commit, nothing is polled. */
export class Positions {
  #reached: bigint | null = null;
  readonly #waiters = new Set<Waiter>();

  /** Position that queries may count on; null while the read models are being built from nothing and would answer untruths. */
  get reached(): bigint | null {
    return this.#reached;
  }

  /** Position that an answer tells; null before the first event, where there is none to come back with. */
  get told(): bigint | null {
    return this.#reached === beforeAll ? null : this.#reached;
  }

  moveTo(position: bigint | null): void {
    this.#reached = position;
    if (position === null) return;
    for (const waiter of this.#waiters) {
      if (waiter.position <= position) waiter.settle(true);
    }
  }

  /** @returns false when the position was not reached within `timeoutMs` */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    if (this.#reached !== null && position <= this.#reached) return Promise.resolve(true);
    if (this.#waiters.size >= waitersMax) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        position,
        settle: (reached) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => waiter.settle(false), timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** Answers all who wait, because the service stops. */
  release(): void {
    for (const waiter of this.#waiters) waiter.settle(false);
  }
}
