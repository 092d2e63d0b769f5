import { expect, test } from '@jest/globals';
import { inWaves } from './waves.ts';

const signal = new AbortController().signal;
const items = [1, 2, 3, 4, 5, 6, 7];
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('no more than the size are at work, and the next one begins as soon as one has ended', async () => {
  const working = new Set<number>();
  const story: number[] = [];
  let most = 0;
  await inWaves({
    items,
    size: 3,
    mayBegin: async () => true,
    work: async (item) => {
      story.push(item);
      working.add(item);
      most = Math.max(most, working.size);
      // The first stays at work until all others have begun.
      for (let turns = 0; item === 1 ? story.length < items.length : turns < 1; turns += 1) await turn();
      working.delete(item);
    },
    signal,
  });
  expect([most, story]).toEqual([3, items]);
});

test('what ends while the question is asked counts in its answer', async () => {
  let failures = 0;
  const begun: number[] = [];
  await inWaves({
    items,
    size: 2,
    mayBegin: async () => failures < 2,
    work: async (item) => {
      begun.push(item);
      await turn();
      failures += 1;
    },
    signal,
  });
  expect(begun.length).toBeLessThanOrEqual(3);
});

test('a no is final, and what runs comes to its end', async () => {
  const answers = [true, true, false, true];
  const ended: number[] = [];
  await inWaves({
    items,
    size: 2,
    mayBegin: async () => answers.shift() ?? true,
    work: async (item) => {
      await turn();
      ended.push(item);
    },
    signal,
  });
  expect(new Set(ended)).toEqual(new Set([1, 2]));
});

test('an error of one stops the others and is thrown once they have ended', async () => {
  const story: string[] = [];
  const run = inWaves({
    items: [1, 2],
    size: 2,
    mayBegin: async () => true,
    work: async (item, stop) => {
      await turn();
      if (item === 1) throw new Error('broken');
      while (!stop.aborted) await turn();
      story.push('ended');
      throw new Error('stopped');
    },
    signal,
  });
  await expect(run).rejects.toThrow('broken');
  expect(story).toEqual(['ended']);
});
