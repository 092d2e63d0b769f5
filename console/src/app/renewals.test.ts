import { expect, test } from '@jest/globals';
import { renewalsWithOneMore, withoutFragment } from './renewals.ts';

test('a page is loaded anew three times a minute, not for ever', () => {
  let renewals = '';
  for (const now of [1_000, 2_000, 30_000]) renewals = renewalsWithOneMore(renewals, now) ?? 'refused';
  expect(renewals).toBe('1000 2000 30000');
  expect(renewalsWithOneMore(renewals, 60_999)).toBeNull();
  expect(renewalsWithOneMore(renewals, 61_000)).toBe('2000 30000 61000');
});

test('a page is loaded also where only the fragment would have been left', () => {
  const here = 'https://cloud.test/console/clients?page=2#content';
  expect(withoutFragment(here, here)).toBe('https://cloud.test/console/clients?page=2');
  expect(withoutFragment('/console/servers', here)).toBe('https://cloud.test/console/servers');
});
