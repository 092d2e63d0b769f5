import { expect, test } from '@jest/globals';
import { createRateLimit } from './rate-limit.ts';

test('each source has its share of a window, and another one in the next', () => {
  let now = 0;
  const limit = createRateLimit({ requests: 2, everyMs: 1000 }, () => now);
  const take = () => limit.take('192.0.2.1');
  expect([take(), take(), take()]).toEqual([true, true, false]);
  expect(limit.take('192.0.2.2')).toBe(true);
  now = 999;
  expect(take()).toBe(false);
  now = 1000;
  expect([take(), take(), take()]).toEqual([true, true, false]);
});
