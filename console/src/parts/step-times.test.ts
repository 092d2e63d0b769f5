import { expect, test } from '@jest/globals';
import { remainingMs, usualDurations } from './step-times.ts';

const step = (name: string, durationMs: number | null, startedAt: string | null = null) => ({
  name,
  durationMs,
  startedAt,
  status:
    durationMs !== null ? ('ok' as const) : startedAt === null ? ('pending' as const) : ('running' as const),
});

test('the usual time of a step is the median; failed steps do not count', () => {
  const failed = { ...step('pull', 90_000), status: 'error' as const };
  const usual = usualDurations([[step('pull', 10)], [step('pull', 30)], [step('pull', 20)], [failed]]);
  expect([...usual]).toEqual([['pull', 20]]);
});

test('what is left is the rest of the running step and all that follow; a late step counts nothing', () => {
  const usual = new Map([
    ['pull', 5000],
    ['start', 2000],
  ]);
  const begun = '2026-11-26T12:00:00.000Z';
  const now = Date.parse(begun) + 1000;
  expect(remainingMs([step('check', 3), step('pull', null, begun), step('start', null)], usual, now)).toBe(
    6000,
  );
  expect(remainingMs([step('pull', null, begun), step('start', null)], usual, now + 60_000)).toBe(2000);
  expect(remainingMs([step('pull', null, begun), step('other', null)], usual, now)).toBeNull();
});
