import type { StepView } from '@alfa-cloud/contracts';

type Timed = Pick<StepView, 'name' | 'status' | 'durationMs' | 'startedAt'>;

/** The median time of each step, ms, in operations that went well. */
export const usualDurations = (operations: readonly (readonly Timed[])[]): ReadonlyMap<string, number> => {
  const all = new Map<string, number[]>();
  for (const { name, durationMs, status } of operations.flat()) {
    if (durationMs === null || status !== 'ok') continue;
    all.set(name, [...(all.get(name) ?? []), durationMs]);
  }
  return new Map(
    [...all].map(([name, times]) => {
      const sorted = times.toSorted((one, other) => one - other);
      return [name, sorted[Math.floor(sorted.length / 2)] ?? 0];
    }),
  );
};

/**
 * How long an operation will go on, ms, if each step takes as long as usual.
 * @returns null when it is not known of one of the steps that are left
 */
export const remainingMs = (
  steps: readonly Timed[],
  usual: ReadonlyMap<string, number>,
  now: number,
): number | null => {
  let sum = 0;
  for (const { name, status, startedAt } of steps) {
    if (status === 'ok' || status === 'compensated' || status === 'leftover') continue;
    const expected = usual.get(name);
    if (expected === undefined) return null;
    sum += startedAt === null ? expected : Math.max(0, expected - (now - Date.parse(startedAt)));
  }
  return sum;
};
