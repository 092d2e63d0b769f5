import { expect, test } from '@jest/globals';
import { isToldInList } from './list-fault.ts';

test('an old list is never without a word: its own where it alone is not answered, else that of the screen', () => {
  const away = { isAway: true };
  expect(isToldInList(away, { isEmpty: false, isFeedLive: true })).toBe(true);
  expect(isToldInList(away, { isEmpty: false, isFeedLive: false })).toBe(false);
  expect(isToldInList(away, { isEmpty: true, isFeedLive: false })).toBe(true);
  expect(isToldInList({ isAway: false }, { isEmpty: false, isFeedLive: false })).toBe(true);
});
