import { expect, test } from '@jest/globals';
import { leftMs } from './left-ms.ts';

test('what happens to an answer puts the next question off no further', () => {
  expect(leftMs(60_000, { dataUpdatedAt: 1_000_000, errorUpdatedAt: 0 }, 1_050_000)).toBe(10_000);
  expect(leftMs(5000, { dataUpdatedAt: 1_000_000, errorUpdatedAt: 1_004_000 }, 1_005_000)).toBe(4000);
  expect(leftMs(5000, { dataUpdatedAt: 0, errorUpdatedAt: 0 }, 1_005_000)).toBe(5000);
});

test('after a sleep of the machine it is asked at once, and a clock set back makes nobody wait longer', () => {
  expect(leftMs(5000, { dataUpdatedAt: 1_000_000, errorUpdatedAt: 0 }, 9_000_000)).toBe(500);
  expect(leftMs(5000, { dataUpdatedAt: 1_000_000, errorUpdatedAt: 0 }, 1000)).toBe(5000);
});
