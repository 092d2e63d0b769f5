import { expect, test } from '@jest/globals';
import type { StoredPlan } from './project-operation.ts';
import { progressOf, type ChildrenStand } from './progress.ts';

const plan: StoredPlan = { total: 10, canary: 1, waveSize: 3, skipped: [] };
const stand: ChildrenStand = { done: 0, failed: 0, runningForMs: [], medianMs: null, hasEnded: false };
const minute = 60_000;

const eta = (changes: Partial<ChildrenStand>, planned: Partial<StoredPlan> = {}) =>
  progressOf({ ...plan, ...planned }, { ...stand, ...changes }, 10).etaSeconds;

test('counts, with those left out', () => {
  const skipped = [{ clientId: 'c', code: 'image_in_use', reason: 'Runs from it already' }];
  expect(
    progressOf({ ...plan, skipped }, { ...stand, done: 4, failed: 1, runningForMs: [1, 2] }, 10),
  ).toEqual({
    total: 10,
    done: 4,
    failed: 1,
    running: 2,
    skippedTotal: 1,
    skipped,
    etaSeconds: null,
  });
});

test('of many left out only the first are told', () => {
  const skipped = ['a', 'b', 'c'].map((clientId) => ({ clientId, code: 'image_in_use', reason: 'In use' }));
  expect(progressOf({ ...plan, skipped }, stand, 2)).toMatchObject({
    skippedTotal: 3,
    skipped: skipped.slice(0, 2),
  });
});

test('before the plan nothing is known', () => {
  expect(progressOf(null, { ...stand, medianMs: minute }, 10)).toEqual({
    total: 0,
    done: 0,
    failed: 0,
    running: 0,
    skippedTotal: 0,
    skipped: [],
    etaSeconds: null,
  });
});

test.each([
  ['one first, nine in waves of three', {}, {}, 60 + 180],
  ['no canary', {}, { canary: 0 }, 200],
  ['the canary is at half of its time', { runningForMs: [minute / 2] }, {}, 30 + 180],
  ['only waves are left', { done: 1 }, {}, 180],
  ['three of a wave at half of their time', { done: 1, runningForMs: [30_000, 30_000, 30_000] }, {}, 150],
  ['fewer than a wave are left', { done: 8, runningForMs: [15_000, 15_000] }, {}, 45],
  ['the last one takes longer than the others did', { done: 9, runningForMs: [10 * minute] }, {}, 0],
])('%s', (_, changes, planned, seconds) => {
  expect(eta({ medianMs: minute, ...changes }, planned)).toBe(seconds);
});

test('none when nothing is left, nothing was ever measured or no further child begins', () => {
  expect(eta({ medianMs: minute, done: 10 })).toBeNull();
  expect(eta({ medianMs: null })).toBeNull();
  expect(eta({ medianMs: minute, done: 3, hasEnded: true })).toBeNull();
});
