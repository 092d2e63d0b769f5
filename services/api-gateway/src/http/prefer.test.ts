import { expect, test } from '@jest/globals';
import { waitSecondsOf } from './prefer.ts';

test.each([
  [undefined, 0],
  ['wait=10', 10],
  ['respond-async, wait = "5"; x=y', 5],
  ['wait=600', 60],
  ['wait=soon', 0],
  ['wait=-1', 0],
  ['await=5', 0],
])('Prefer: %s waits %d s', (header, seconds) => {
  expect(waitSecondsOf(header)).toBe(seconds);
});
