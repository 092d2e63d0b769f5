/** Addresses remembered; beyond it the one that came first is forgotten. */
const addressesMax = 10_000;

/** Counts requests by their source. */
export interface RateLimit {
  /** @returns false when the source has had its share */
  take(address: string): boolean;
}

/**
 * So many requests from each source in each window of time.
 * @param now milliseconds of a clock that never goes back
 */
export const createRateLimit = (
  { requests, everyMs }: { requests: number; everyMs: number },
  now: () => number,
): RateLimit => {
  const windows = new Map<string, { since: number; count: number }>();
  return {
    take(address) {
      const time = now();
      const known = windows.get(address);
      if (known !== undefined && time - known.since < everyMs) {
        known.count += 1;
        return known.count <= requests;
      }
      windows.delete(address);
      windows.set(address, { since: time, count: 1 });
      const oldest = windows.keys().next().value;
      if (windows.size > addressesMax && oldest !== undefined) windows.delete(oldest);
      return true;
    },
  };
};
