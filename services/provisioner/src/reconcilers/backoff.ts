/** Longest pause of an item that fails again and again: so many rounds, and no more than so many ms. */
const roundsMax = 4;
const pauseMaxMs = 60_000;

/** Says which items sit a round out: after two failures in a row one round, then up to three. */
export interface Backoff {
  beginRound(): void;
  sitsOut(id: string): boolean;
  record(id: string, isDone: boolean): void;
}

export const createBackoff = (everyMs: number): Backoff => {
  const longest = Math.max(1, Math.min(roundsMax, Math.floor(pauseMaxMs / everyMs)));
  const failing = new Map<string, { failures: number; dueIn: number }>();
  let round = 0;
  return {
    beginRound() {
      round += 1;
      // Items that were due and are not chosen any more.
      for (const [id, { dueIn }] of failing) if (dueIn < round - 1) failing.delete(id);
    },
    sitsOut: (id) => (failing.get(id)?.dueIn ?? 0) > round,
    record(id, isDone) {
      const failures = isDone ? 0 : (failing.get(id)?.failures ?? 0) + 1;
      if (failures === 0) failing.delete(id);
      else failing.set(id, { failures, dueIn: round + Math.min(longest, 2 ** (failures - 1)) });
    },
  };
};
