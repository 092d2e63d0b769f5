/** Attempts that an address may fail before it has to wait. */
const freeFailures = 5;
const longestBlockMs = 60_000;
/** Without another failure for so long, an address starts afresh. */
const forgetAfterMs = 15 * 60_000;
/** Addresses remembered; beyond it the one that failed longest ago is forgotten. */
const addressesMax = 10_000;

interface Entry {
  failures: number;
  blockedUntil: number;
  last: number;
}

/** Counts failed attempts per source address and makes each further one wait longer. */
export interface FailureThrottle {
  /**
   * Counts an attempt as failed until {@link FailureThrottle.succeeded} corrects it, so that concurrent attempts can't exceed the limit.
   * @returns 0 when it may go on, else how long the address has to wait, in milliseconds; then nothing is counted
   */
  attempt(address: string): number;
  succeeded(address: string): void;
  /** The attempt came to no verdict: it is not held against the address. */
  withdraw(address: string): void;
}

/** @param now milliseconds of a clock that never goes back */
export const createFailureThrottle = (now: () => number): FailureThrottle => {
  const entries = new Map<string, Entry>();
  return {
    attempt(address) {
      const time = now();
      const known = entries.get(address);
      if (known !== undefined && known.blockedUntil > time) return known.blockedUntil - time;
      const failures = known === undefined || known.last + forgetAfterMs < time ? 1 : known.failures + 1;
      const blockMs =
        failures < freeFailures
          ? 0
          : Math.min(longestBlockMs, 1000 * 2 ** Math.min(failures - freeFailures, 16));
      entries.delete(address);
      entries.set(address, { failures, blockedUntil: time + blockMs, last: time });
      const oldest = entries.keys().next().value;
      if (entries.size > addressesMax && oldest !== undefined) entries.delete(oldest);
      return 0;
    },
    succeeded: (address) => void entries.delete(address),
    withdraw(address) {
      const known = entries.get(address);
      if (known === undefined) return;
      known.failures -= 1;
      known.blockedUntil = 0;
    },
  };
};
