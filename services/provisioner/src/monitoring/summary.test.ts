import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { growthPerDay } from './growth.ts';
import { historyOf } from './history.ts';
import { planHistory, stepsMax, tiers } from './resolution.ts';
import { decodeSummaries, encodeSummaries, merged, mergedAll, summaryOf, type Summary } from './summary.ts';

const value = fc.oneof(fc.constant(null), fc.float({ noNaN: true, noDefaultInfinity: true }));

const several = fc.array(value, { minLength: 1 });
/** Where rounding leads the mean out of its bounds the soonest. */
const same: fc.Arbitrary<(number | null)[]> = fc
  .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 20 }))
  .map(([one, times]) => Array.from({ length: times }, () => one));

describe('a summary', () => {
  test('of values is the same as counting them all, however they are put together', () => {
    fc.assert(
      fc.property(fc.oneof(several, same), fc.nat(), (values, at) => {
        const split = at % values.length;
        const sumUp = (some: (number | null)[]) =>
          some.map(summaryOf).reduce<Summary | null>((all, one) => merged(all, one), null);
        const found = merged(sumUp(values.slice(0, split)), sumUp(values.slice(split)));
        const numbers = values.filter((one) => one !== null);
        if (numbers.length === 0) {
          expect(found).toBeNull();
          return;
        }
        const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
        const mean = numbers.reduce((sum, one) => sum + one / numbers.length, 0);
        expect(found).toMatchObject({ count: numbers.length, min, max });
        expect((found?.avg ?? Infinity) <= max && (found?.avg ?? -Infinity) >= min).toBe(true);
        expect(Math.abs((found?.avg ?? Infinity) - mean)).toBeLessThanOrEqual(
          (max - min) * 1e-9 + Math.max(-min, max) * 1e-9 + 1e-30,
        );
      }),
    );
  });

  test('comes back as it was stored, and its mean lies between its ends', () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (some, others) => {
        const summaries = mergedAll(some.map(summaryOf), others.map(summaryOf));
        const back = decodeSummaries(encodeSummaries(summaries));
        expect(back.map((one) => one?.count ?? 0)).toEqual(summaries.map((one) => one?.count ?? 0));
        for (const [index, one] of back.entries()) {
          if (one === null) continue;
          expect(one.min).toBe(summaries[index]?.min);
          expect(one.min <= one.avg && one.avg <= one.max).toBe(true);
        }
      }),
    );
  });

  test('of bytes that are something else is nothing, never a wrong number', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        for (const one of decodeSummaries(bytes)) {
          expect(one === null || Object.values(one).every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });
});

const day = 86_400_000;
const now = Date.parse('2026-11-26T11:00:00Z');

describe('the plan of a history', () => {
  test.each([
    ['the last hour', { from: now - 3_600_000, to: now }, 'raw', 60],
    ['the last hour in steps of its own', { from: now - 3_600_000, to: now, stepMs: 90_000 }, 'raw', 90],
    ['steps shorter than samples come', { from: now - 600_000, to: now, stepMs: 1000 }, 'raw', 60],
    ['the last day', { from: now - day, to: now }, 'raw', 300],
    ['the last day by the hour', { from: now - day, to: now, stepMs: 3_600_000 }, 'hours', 3600],
    ['last week', { from: now - 7 * day, to: now }, 'hours', 3600],
    ['an hour of last week', { from: now - 7 * day, to: now - 7 * day + 3_600_000 }, 'ten_minutes', 600],
    ['last year', { from: now - 365 * day, to: now }, 'hours', 172_800],
    ['longer ago than anything is kept', { from: 0, to: now }, 'hours', 172_800],
  ])('%s', (_, request, table, seconds) => {
    const plan = planHistory(request, now, 30_000);
    expect([plan.tier.table, plan.stepMs / 1000]).toEqual([table, seconds]);
  });

  test('is small and whole for any question', () => {
    const moment = fc.integer({ min: now - 500 * day, max: now + day });
    const step = fc.option(fc.integer({ min: 1, max: day }), { nil: undefined });
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 500 * day }), step, (from, duration, stepMs) => {
        const request = { from, to: from + duration, ...(stepMs === undefined ? {} : { stepMs }) };
        const plan = planHistory(request, now, 30_000);
        const steps = (plan.to - plan.from) / plan.stepMs;
        expect(Number.isInteger(steps) && steps >= 1 && steps <= stepsMax + 1).toBe(true);
        if (plan.tier.spanMs > 0) expect(plan.stepMs % plan.tier.spanMs).toBe(0);
        expect(plan.stepMs).toBeGreaterThanOrEqual(60_000);
      }),
    );
  });
});

describe('a history', () => {
  const [raw] = tiers;
  if (raw === undefined) throw new Error('no tier');
  const plan = { tier: raw, from: 0, to: 50_000, stepMs: 10_000 };
  const row = (at: number, number: number | null) => ({ at, summaries: [summaryOf(number)] });

  test('has a gap where nothing was measured, and no zero', () => {
    const rows = [row(1000, 1), row(9000, 3), row(30_000, null), row(42_000, 0), row(99_000, 7)];
    const { series, at, stepSeconds } = historyOf(plan, [{ kind: 'client', name: 'x', rows }]);
    expect([at.length, stepSeconds]).toEqual([5, 10]);
    expect(series[0]).toEqual({
      of: 'client',
      about: 'x',
      metric: 'cpuPercent',
      min: [1, null, null, null, 0],
      avg: [2, null, null, null, 0],
      max: [3, null, null, null, 0],
    });
    expect(new Set(series[1]?.avg)).toEqual(new Set([null]));
  });
});

test('growth is the slope of what was used, told from an hour of points on', () => {
  const hourOf = (values: number[]) => values.map((each, index) => ({ at: index * 600_000, value: each }));
  expect(growthPerDay(hourOf([0, 10, 20, 30, 40]))).toBeNull();
  expect(growthPerDay(hourOf([0, 10, 20, 30, 40, 50]))).toBe(1440);
  expect(growthPerDay(hourOf([5, 5, 5, 5, 5, 5]))).toBe(0);
  expect(growthPerDay(Array.from({ length: 6 }, () => ({ at: 7, value: 1 })))).toBeNull();
});
