/** First and longest pause before the same thing is mended once more, ms. */
const firstMs = 30_000;
const longestMs = 1_800_000;
/** After so long without it, what breaks again counts as new, ms. */
const forgottenMs = 2 * longestMs;

/** Keeps mending from becoming hammering: what breaks again and again is mended after growing pauses. */
export interface Pace {
  /** Whether the thing may be mended now; if so this counts as an attempt. */
  take(key: string): boolean;
}

/** @param now milliseconds of any clock that only goes forwards */
export const createPace = (now: () => number = () => performance.now()): Pace => {
  const attempts = new Map<string, { at: number; pauseMs: number }>();
  return {
    take(key) {
      const moment = now();
      for (const [known, { at }] of attempts) if (moment - at > forgottenMs) attempts.delete(known);
      const last = attempts.get(key);
      if (last !== undefined && moment - last.at < last.pauseMs) return false;
      const pauseMs = last === undefined ? firstMs : Math.min(2 * last.pauseMs, longestMs);
      attempts.set(key, { at: moment, pauseMs });
      return true;
    },
  };
};
