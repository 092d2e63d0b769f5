import { expect, test } from '@jest/globals';
import { beforeAll, Positions, waitersMax } from './positions.ts';

test('a position reached already is not waited for', async () => {
  const positions = new Positions();
  positions.moveTo(5n);
  expect(await positions.waitFor(5n, 0)).toBe(true);
});

test('whoever waits is told when the position is reached, not before', async () => {
  const positions = new Positions();
  positions.moveTo(1n);
  const told: bigint[] = [];
  const waiting = [3n, 2n].map((position) =>
    positions.waitFor(position, 60_000).then((reached) => reached && told.push(position)),
  );
  positions.moveTo(2n);
  await waiting[1];
  expect(told).toEqual([2n]);
  positions.moveTo(9n);
  await Promise.all(waiting);
  expect(told).toEqual([2n, 3n]);
});

test('the wait ends with its time', async () => {
  const positions = new Positions();
  positions.moveTo(1n);
  expect(await positions.waitFor(2n, 1)).toBe(false);
});

test('nothing counts as reached while the read models are built', async () => {
  const positions = new Positions();
  const waiting = positions.waitFor(-1n, 60_000);
  expect(positions.reached).toBeNull();
  positions.moveTo(-1n);
  expect(await waiting).toBe(true);
});

test('one waiter too many is answered at once', async () => {
  const positions = new Positions();
  positions.moveTo(0n);
  const waiting = Array.from({ length: waitersMax }, () => positions.waitFor(1n, 60_000));
  expect(await positions.waitFor(1n, 60_000)).toBe(false);
  positions.release();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([false]));
});

test('an answer tells no position before the first event, and after it the newest one', () => {
  const positions = new Positions();
  expect(positions.told).toBe(null);
  positions.moveTo(beforeAll);
  expect([positions.reached, positions.told]).toEqual([beforeAll, null]);
  positions.moveTo(0n);
  expect(positions.told).toBe(0n);
});
