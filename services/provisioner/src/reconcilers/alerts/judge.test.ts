import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServerMonitoring } from '@alfa-cloud/contracts';
import type { KnownAlert } from '@alfa-cloud/servers';
import { observedIn, observedOfClients, type Condition } from './conditions.ts';
import { judge, type Standings } from './judge.ts';

const minute = 60_000;
const options = { afterMs: 2 * minute, gapMs: 3 * minute, isSilenced: false };
type Level = Condition['level'];
type Seen = Level | 'silenced bad' | 'unseen';

const conditionOf = (level: Level): Condition => ({
  code: 'memory',
  about: null,
  level,
  words: { template: '', values: [] },
});

/** What becomes of an alert about memory whose levels are seen a minute apart: `+` raised, `-` cleared, `.` nothing. */
const story = (levels: readonly Seen[]): string => {
  let standings: Standings = new Map();
  let raised: KnownAlert[] = [];
  return levels
    .map((seen, index) => {
      if (seen === 'unseen') return '.';
      const isSilenced = seen === 'silenced bad';
      const conditions = [conditionOf(isSilenced ? 'bad' : seen)];
      const now = index * minute;
      const verdict = judge(standings, { codes: ['memory'], conditions }, raised, {
        ...options,
        now,
        isSilenced,
      });
      ({ standings } = verdict);
      for (const { since } of verdict.raise) expect(now - since).toBeGreaterThanOrEqual(options.afterMs);
      raised = [
        ...raised.filter((alert) => !verdict.clear.includes(alert)),
        ...verdict.raise.map(({ code, about }) => ({ code, about, alertId: String(index) })),
      ];
      return verdict.raise.length > 0 ? '+' : verdict.clear.length > 0 ? '-' : '.';
    })
    .join('');
};

const many = (times: number, seen: Seen): Seen[] => Array.from({ length: times }, () => seen);

describe('an alert', () => {
  test.each<[string, Seen[], string]>([
    ['is raised once what it is about has lasted', many(5, 'bad'), '..+..'],
    ['is not raised for a moment', ['bad', 'bad', 'good', 'bad', 'bad', 'good'], '......'],
    ['is cleared once it has been well for as long', [...many(3, 'bad'), ...many(4, 'good')], '..+..-.'],
    [
      'stays for a value that wavers between the limits',
      [...many(3, 'bad'), ...many(9, 'between')],
      '..+.........',
    ],
    ['is not raised by such a value', many(6, 'between'), '......'],
    ['counts anew after it was better', ['bad', 'bad', 'between', 'bad', 'bad', 'bad'], '.....+'],
    [
      'counts anew after nobody could look',
      ['bad', 'bad', ...many(3, 'unseen'), 'bad', 'bad', 'bad'],
      '.......+',
    ],
    ['is not raised during our own work', [...many(9, 'silenced bad'), 'bad', 'bad', 'bad'], '...........+'],
    [
      'is cleared during our own work as well',
      [...many(3, 'bad'), ...many(3, 'good'), ...many(2, 'silenced bad')],
      '..+..-..',
    ],
  ])('%s', (_, levels, expected) => {
    expect(story(levels)).toBe(expected);
  });

  test('is raised and cleared by turns, whatever is seen', () => {
    const level = fc.constantFrom<Seen[]>('bad', 'between', 'good', 'silenced bad', 'unseen');
    fc.assert(
      fc.property(fc.array(level, { maxLength: 60 }), (levels) => {
        const acts = story(levels).replaceAll('.', '');
        expect(acts).toMatch(/^(?:\+-)*\+?$/);
      }),
    );
  });

  test('about what is there no longer is cleared at once; of what was not told about nothing is known', () => {
    const disk: KnownAlert = { code: 'disk', about: '/mnt', alertId: 'a' };
    const look = (codes: KnownAlert['code'][]) =>
      judge(new Map(), { codes, conditions: [] }, [disk], { ...options, now: 0 }).clear;
    expect(look(['disk', 'inodes'])).toEqual([disk]);
    expect(look(['memory'])).toEqual([]);
  });
});

describe('what is observed', () => {
  const limits = { diskPercent: 90, memoryPercent: 95, clockMs: 10_000 };
  const disk = {
    path: '/',
    totalBytes: 100,
    usedBytes: 1,
    freeBytes: 99,
    usedPercent: 1,
    growthBytesPerDay: null,
  };
  const healthy = {
    disks: [{ ...disk, inodes: 100, inodesFree: 90 }],
    memoryTotalBytes: 100,
    memoryUsedBytes: 10,
    clockOffsetMs: 5,
    clockUncertaintyMs: 20,
  };
  const levels = (changes: object) =>
    observedIn({ ...healthy, ...changes } as ServerMonitoring, limits)
      .conditions.filter(({ level }) => level !== 'good')
      .map(({ code, level }) => `${code} ${level}`);

  test.each([
    ['a healthy server', {}, []],
    [
      'a disk at its limit',
      { disks: [{ ...disk, usedPercent: 90, inodes: null, inodesFree: null }] },
      ['disk bad'],
    ],
    [
      'a disk a little below',
      { disks: [{ ...disk, usedPercent: 86, inodes: null, inodesFree: null }] },
      ['disk between'],
    ],
    ['a disk without inodes left', { disks: [{ ...disk, inodes: 100, inodesFree: 0 }] }, ['inodes bad']],
    ['memory', { memoryUsedBytes: 95 }, ['memory bad']],
    ['a clock that is behind', { clockOffsetMs: -11_000 }, ['clock bad']],
    [
      'a clock of which an answer is too slow to tell',
      { clockOffsetMs: -11_000, clockUncertaintyMs: 9000 },
      [],
    ],
    ['nothing', { disks: null, memoryTotalBytes: null, clockOffsetMs: null }, []],
  ])('of %s', (_, changes, expected) => {
    expect(levels(changes)).toEqual(expected);
  });

  const client = (available: boolean | null, isBusy = false) => ({ slug: 'lab', available, isBusy });
  test.each([
    ['one client is down', [client(false), client(true)], 'good'],
    ['two are', [client(false), client(false), client(true)], 'bad'],
    ['they are worked on', [client(false, true), client(false, true)], 'good'],
    ['nobody can tell', [client(null), client(null)], 'between'],
    ['there are none', [], 'good'],
  ])('of clients when %s', (_, clients, level) => {
    expect(observedOfClients(clients).conditions[0]?.level).toBe(level);
  });
});
