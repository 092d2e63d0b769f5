import { expect, test } from '@jest/globals';
import { readMoment } from './read-moment.ts';

test.each([
  ['2026-11-22T18:00:00Z', '2026-11-22T18:00:00.000Z'],
  ['2026-11-22T21:00:00.1234+03:00', '2026-11-22T18:00:00.123Z'],
  [undefined, undefined],
])('the moment %s is %s', (text, expected) => {
  expect(readMoment('filter[from]', text)).toBe(expected);
});

test('a leap second is refused', () => {
  expect(() => readMoment('filter[from]', '2016-12-31T23:59:60Z')).toThrow('filter[from]');
});
