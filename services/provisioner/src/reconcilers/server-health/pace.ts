/** First and longest pause between two attempts to mend the same thing, ms. */
const firstMs = 30_000;
const longestMs = 1_800_000;
/** After so long without an attempt the pauses begin anew, ms. */
const forgottenMs = 2 * longestMs;

/** Growing pauses between attempts to mend what breaks again and again. */
export interface Pace {
  /** Whether there may be an attempt now, which is then counted. */
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
