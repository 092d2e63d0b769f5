import { expect, test } from '@jest/globals';
import { isToldInList } from './list-fault.ts';

test('an old list is never without a word: its own where it alone is not answered, else that of the screen', () => {
  const away = { status: 0, code: 'not_reached' };
  expect(isToldInList(away, { isEmpty: false, isFeedLive: true })).toBe(true);
  expect(isToldInList(away, { isEmpty: false, isFeedLive: false })).toBe(false);
  expect(isToldInList(away, { isEmpty: true, isFeedLive: false })).toBe(true);
  expect(isToldInList({ status: 403, code: 'forbidden' }, { isEmpty: false, isFeedLive: false })).toBe(true);
});
