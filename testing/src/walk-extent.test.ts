import { expect, test } from '@jest/globals';
import { sampleOf, walkExtent } from './walk-extent.ts';

const cases = Array.from({ length: 50 }, (_, index) => index);

test('a seed chooses the same cases each time, another one others, all of them in their order', () => {
  const chosen = sampleOf(cases, 5, '2026-11-26');
  expect(chosen).toHaveLength(5);
  expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
  expect(sampleOf(cases, 5, '2026-11-26')).toEqual(chosen);
  expect(sampleOf(cases, 5, '2026-11-27')).not.toEqual(chosen);
  expect(sampleOf(cases, 99, 'any')).toEqual(cases);
});

test('over the days every case has its turn', () => {
  const days = Array.from({ length: 200 }, (_, day) => `day ${day}`);
  expect(new Set(days.flatMap((day) => sampleOf(cases, 5, day))).size).toBe(cases.length);
});

test('the day is the seed unless another one is given', () => {
  const now = new Date('2026-11-26T09:00:00.000Z');
  expect(walkExtent({}, now)).toEqual({ isFull: false, seed: '2026-11-26' });
  expect(walkExtent({ ALFA_TEST_SEED: 'x', ALFA_TEST_WALK: 'full' }, now)).toEqual({
    isFull: true,
    seed: 'x',
  });
});
