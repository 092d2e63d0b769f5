import { expect, test } from '@jest/globals';
import { extensionFrom, monthsAfter } from './extension.ts';

test('a month later is the same day, or the last one of a shorter month', () => {
  expect(monthsAfter('2027-01-15', 1)).toBe('2027-02-15');
  expect(monthsAfter('2027-01-31', 1)).toBe('2027-02-28');
  expect(monthsAfter('2028-01-31', 1)).toBe('2028-02-29');
  expect(monthsAfter('2027-12-31', 1)).toBe('2028-01-31');
  expect(monthsAfter('2028-02-29', 12)).toBe('2029-02-28');
});

test('an extension goes on where the use ends, or today', () => {
  expect(extensionFrom('2027-01-31', '2026-11-26')).toBe('2027-01-31');
  expect(extensionFrom('2026-01-31', '2026-11-26')).toBe('2026-11-26');
});
