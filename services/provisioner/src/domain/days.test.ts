import { expect, test } from '@jest/globals';
import { dayIn, endOfDay, isTimeZone } from './days.ts';

test.each([
  ['UTC', '2026-12-31', '2026-12-31T23:59:59.000Z'],
  ['Europe/Moscow', '2026-12-31', '2026-12-31T20:59:59.000Z'],
  ['Asia/Vladivostok', '2026-01-01', '2026-01-01T13:59:59.000Z'],
  ['America/New_York', '2026-07-01', '2026-07-02T03:59:59.000Z'],
  ['Europe/Berlin', '2026-03-29', '2026-03-29T21:59:59.000Z'],
  ['Europe/Berlin', '2026-10-25', '2026-10-25T22:59:59.000Z'],
])('in %s the day %s ends at %s', (zone, day, end) => {
  expect(endOfDay(day, zone).toISOString()).toBe(end);
});

test('the day is that of the zone', () => {
  const moment = new Date('2026-12-31T22:30:00.000Z');
  expect(dayIn('UTC', moment)).toBe('2026-12-31');
  expect(dayIn('Europe/Moscow', moment)).toBe('2027-01-01');
});

test('an unknown zone is told apart', () => {
  expect(isTimeZone('Europe/Moscow')).toBe(true);
  expect(isTimeZone('Europe/Atlantis')).toBe(false);
});
