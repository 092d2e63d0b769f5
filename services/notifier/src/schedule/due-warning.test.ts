import { describe, expect, test } from '@jest/globals';
import { daysBetween, localTime, plusDays } from './days.ts';
import { dueWarning, isWarningCurrent, type WarningRules } from './due-warning.ts';

const thresholdsDays = [30, 14, 7, 3, 1, 0];
const hourMs = 60 * 60 * 1000;

/** Looks at the clock every quarter of an hour for a time, and notes each warning once, as the outbox does. */
const warningsOver = (
  client: { expireDate: string; expireDateSetAt: string },
  rules: WarningRules,
  from: string,
  to: string,
  isUp: (now: Date) => boolean = () => true,
): string[] => {
  const known = new Set<number>();
  const sent: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += hourMs / 4) {
    const now = new Date(at);
    const threshold = isUp(now) ? dueWarning(client, now, rules) : null;
    if (threshold === null || known.has(threshold)) continue;
    known.add(threshold);
    const { day, time } = localTime(rules.timeZone, now);
    sent.push(`${threshold}: ${day} ${time}`);
  }
  return sent;
};

/** Days on which the clocks change in 2026: an hour is left out, an hour comes twice. */
const changes = {
  'Europe/Berlin': ['2026-03-29', '2026-10-25'],
  'America/New_York': ['2026-03-08', '2026-11-01'],
};

describe.each(Object.entries(changes))('in %s', (timeZone, changeDays) => {
  // 02:30 (in Berlin and in New York) is in the hour that is left out, or comes twice.
  test.each(['09:00', '02:30'])('each warning comes once, whatever the clocks do, at %s', (at) => {
    const rules = { thresholdsDays, at, timeZone };
    for (const [day, threshold] of changeDays.flatMap((day) =>
      thresholdsDays.map((days) => [day, days] as const),
    )) {
      const expireDate = plusDays(day, threshold);
      const [from, to] = [plusDays(day, -2), plusDays(day, 2)].map((each) => `${each}T00:00:00Z`);
      const client = { expireDate, expireDateSetAt: '2025-01-01T00:00:00Z' };
      const sent = warningsOver(client, rules, String(from), String(to));
      const times = at === '02:30' ? ['02:30', '03:00'] : [at];
      expect(
        times.map((time) => `${threshold}: ${day} ${time}`).filter((text) => sent.includes(text)),
      ).toHaveLength(1);
      expect(new Set(sent).size).toBe(sent.length);
    }
  });

  test('over a year a client of each day gets every warning on its day', () => {
    const rules = { thresholdsDays, at: '09:00', timeZone };
    const found: string[] = [];
    const expected: string[] = [];
    const clients = Array.from({ length: 365 }, (_, index) => plusDays('2026-02-01', index));
    for (const expireDate of clients) {
      for (const days of thresholdsDays) {
        const day = plusDays(expireDate, -days);
        expected.push(`${expireDate} ${days}`);
        // Whatever the season, both are after nine, and the day is the same.
        const noon = new Date(`${day}T15:00:00Z`);
        const threshold = dueWarning({ expireDate, expireDateSetAt: '2025-01-01T00:00:00Z' }, noon, rules);
        found.push(`${expireDate} ${threshold}`);
      }
    }
    expect(found).toEqual(expected);
  });
});

const rules: WarningRules = { thresholdsDays, at: '09:00', timeZone: 'UTC' };
const [setAt, from] = ['2026-01-01T00:00:00Z', '2026-05-01T00:00:00Z'];
const expireDate = '2026-06-30';

test('what was missed is made up for by the nearest warning alone', () => {
  const isUp = (now: Date) =>
    now < new Date('2026-06-10T00:00:00Z') || now > new Date('2026-06-28T10:00:00Z');
  expect(
    warningsOver({ expireDate, expireDateSetAt: setAt }, rules, from, '2026-07-02T00:00:00Z', isUp),
  ).toEqual(['30: 2026-05-31 09:00', '3: 2026-06-28 10:15', '1: 2026-06-29 09:00', '0: 2026-06-30 09:00']);
});

test('an extension begins anew; a date just agreed on is not told of at once', () => {
  const extended = { expireDate: '2026-07-20', expireDateSetAt: '2026-06-29T12:00:00Z' };
  expect(warningsOver(extended, rules, '2026-06-29T12:00:00Z', '2026-08-01T00:00:00Z')).toEqual([
    '14: 2026-07-06 09:00',
    '7: 2026-07-13 09:00',
    '3: 2026-07-17 09:00',
    '1: 2026-07-19 09:00',
    '0: 2026-07-20 09:00',
  ]);
  const onTheDay = { expireDate: '2026-07-29', expireDateSetAt: '2026-06-29T08:00:00Z' };
  expect(dueWarning(onTheDay, new Date('2026-06-29T12:00:00Z'), rules)).toBeNull();
});

test('a date brought forward to today is told of today', () => {
  const today = { expireDate: '2026-06-29', expireDateSetAt: '2026-06-29T08:00:00Z' };
  expect(dueWarning(today, new Date('2026-06-29T12:00:00Z'), rules)).toBe(0);
});

test('of a copy nobody is warned', () => {
  const copy = { expireDate: '2026-06-29', expireDateSetAt: '2026-06-29T08:00:00Z', isCopy: true };
  expect(dueWarning(copy, new Date('2026-06-29T12:00:00Z'), rules)).toBeNull();
});

test('of a client whose warnings are switched off nobody is warned', () => {
  const client = { expireDate: '2026-06-29', expireDateSetAt: '2026-06-01T08:00:00Z' };
  const now = new Date('2026-06-29T12:00:00Z');
  expect(dueWarning({ ...client, expiryWarnings: true }, now, rules)).toBe(0);
  expect(dueWarning({ ...client, expiryWarnings: false }, now, rules)).toBeNull();
});

test('without thresholds, before the first and after the last day there is none', () => {
  const client = { expireDate, expireDateSetAt: setAt };
  expect(dueWarning(client, new Date('2026-06-30T12:00:00Z'), { ...rules, thresholdsDays: [] })).toBeNull();
  expect(dueWarning(client, new Date('2026-05-30T12:00:00Z'), rules)).toBeNull();
  expect(dueWarning(client, new Date('2026-07-01T12:00:00Z'), rules)).toBeNull();
});

test('a warning that waited is current until the date changes or a nearer one is due', () => {
  const warning = { expireDate, thresholdDays: 7 };
  const client = { expireDate, expireDateSetAt: setAt };
  const at = (time: string, of = client) => isWarningCurrent(warning, of, new Date(time), rules);
  expect(at('2026-06-23T12:00:00Z')).toBe(true);
  expect(at('2026-06-26T23:00:00Z')).toBe(true);
  expect(at('2026-06-27T01:00:00Z')).toBe(false);
  expect(at('2026-06-23T12:00:00Z', { ...client, expireDate: '2027-06-30' })).toBe(false);
  expect(
    isWarningCurrent({ expireDate, thresholdDays: 0 }, client, new Date('2026-07-01T00:00:00Z'), rules),
  ).toBe(false);
});

test('days are counted over changes of the clocks', () => {
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(plusDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(localTime('Europe/Berlin', new Date('2026-03-29T01:00:00Z'))).toEqual({
    day: '2026-03-29',
    time: '03:00',
  });
});
