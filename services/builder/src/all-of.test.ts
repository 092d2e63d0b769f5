import { expect, test } from '@jest/globals';
import { allOf } from './all-of.ts';

/** Ends only when it is told to, a moment later. */
const untilAborted = async (signal: AbortSignal, ended: () => void): Promise<never> => {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await Promise.resolve();
  ended();
  throw signal.reason as Error;
};
const { signal } = new AbortController();

test('results come in the order of the parts', async () => {
  expect(await allOf(signal, () => [Promise.resolve(1), Promise.resolve('two')])).toEqual([1, 'two']);
});

test('one that fails ends the others, which are waited for, and its own error is thrown', async () => {
  let ended = false;
  const parts = allOf(signal, (inner) => [
    untilAborted(inner, () => (ended = true)),
    Promise.reject(new Error('broken')),
  ]);
  await expect(parts).rejects.toThrow('broken');
  expect(ended).toBe(true);
});

test('an abort from outside reaches all', async () => {
  const outer = new AbortController();
  let ended = 0;
  const parts = allOf(outer.signal, (inner) => [1, 2].map(() => untilAborted(inner, () => (ended += 1))));
  outer.abort(new Error('enough'));
  await expect(parts).rejects.toThrow('enough');
  expect(ended).toBe(2);
});
