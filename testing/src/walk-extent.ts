/** How far tests go through many cases that take long together. */
export interface WalkExtent {
  /** All cases, by `ALFA_TEST_WALK=full`; else a few, which change with the day. */
  readonly isFull: boolean;
  /** Chooses the few: `ALFA_TEST_SEED`, or the day. Whoever prints it tells how a failure is repeated. */
  readonly seed: string;
}

export const walkExtent = (env: NodeJS.ProcessEnv, now: Date): WalkExtent => ({
  isFull: env['ALFA_TEST_WALK'] === 'full',
  seed: env['ALFA_TEST_SEED'] ?? now.toISOString().slice(0, 10),
});

/** `count` of the cases, chosen by the seed, or all if there are no more; in their order. */
export const sampleOf = <Case>(cases: readonly Case[], count: number, seed: string): Case[] => {
  const random = randomOf(seed);
  const drawn = cases.map((each, index) => ({ each, index, lot: random() }));
  return drawn
    .sort((a, b) => a.lot - b.lot)
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ each }) => each);
};

/** Numbers from 0 to 1 that follow from a seed (FNV-1a for the begin, mulberry32 for the rest). */
const randomOf = (seed: string): (() => number) => {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
