import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { graceMs, tiers, type Tier } from './resolution.ts';
import { openSampleStore, type SampleStore } from './sample-store.ts';

const [raw, tenMinutes, hours] = tiers as [Tier, Tier, Tier];
const begin = Date.parse('2026-06-01T12:00:00Z');
const minute = 60_000;
const day = 86_400_000;

let directory: string;
let file: string;
let lost: string[];
let store: SampleStore;
const open = () => (store = openSampleStore(file, (reason) => lost.push(reason)));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alfa-samples-'));
  file = join(directory, 'below', 'samples.sqlite');
  lost = [];
  open();
});
afterEach(async () => {
  store.close();
  await rm(directory, { recursive: true, force: true });
});

const add = (at: number, load: number | null, server = 'one') =>
  store.add(server, at, [{ kind: 'server', name: '', values: [load] }]);
const rows = (tier: Tier, server = 'one') =>
  store
    .read(server, { kinds: ['server'] }, { tier, from: 0, to: Number.MAX_SAFE_INTEGER })
    .flatMap((subject) => [...subject.rows])
    .map(({ at, summaries: [load] }) => [
      (at - begin) / minute,
      load && [load.count, load.min, load.avg, load.max],
    ]);

describe('samples', () => {
  test('stand by themselves and summed up over ten minutes and an hour', () => {
    add(begin + minute, 1);
    add(begin + 5 * minute, 3);
    add(begin + 20 * minute, 8);
    expect(rows(raw)).toEqual([
      [1, [1, 1, 1, 1]],
      [5, [1, 3, 3, 3]],
      [20, [1, 8, 8, 8]],
    ]);
    expect(rows(tenMinutes)).toEqual([
      [0, [2, 1, 2, 3]],
      [20, [1, 8, 8, 8]],
    ]);
    expect(rows(hours)).toEqual([[0, [3, 1, 4, 8]]]);
  });

  test('outlast the process, and what was not measured counts for nothing', () => {
    add(begin, 5);
    store.close();
    open();
    add(begin + minute, null);
    add(begin + 2 * minute, 7);
    expect(rows(hours)).toEqual([[0, [2, 5, 6, 7]]]);
    expect(rows(raw)[1]).toEqual([1, null]);
    expect(lost).toEqual([]);
  });

  test('go when they are too old, each at its own time', () => {
    add(begin, 1);
    add(begin + day + graceMs + minute, 2);
    expect(rows(raw).map(([at]) => at)).toEqual([1440 + 11]);
    expect(rows(tenMinutes)).toHaveLength(2);
    store.sweep(begin + 16 * day);
    expect(rows(raw)).toEqual([]);
    expect(rows(tenMinutes)).toEqual([]);
    expect(rows(hours)).toHaveLength(2);
    store.sweep(begin + 500 * day);
    expect(rows(hours)).toEqual([]);
    expect(store.servers()).toEqual([]);
  });

  test('of one server go without those of another', () => {
    add(begin, 1);
    add(begin, 2, 'other');
    store.forget('one');
    expect(store.servers()).toEqual(['other']);
    expect(rows(raw, 'other')).toEqual([[0, [1, 2, 2, 2]]]);
    add(begin, 3, 'new');
    expect(rows(hours, 'new')).toEqual([[0, [1, 3, 3, 3]]]);
  });

  test('of several processes in one file are all kept', () => {
    const other = openSampleStore(file, () => {});
    add(begin, 1);
    other.add('one', begin + minute, [{ kind: 'server', name: '', values: [3] }]);
    other.close();
    expect(rows(hours)).toEqual([[0, [2, 1, 2, 3]]]);
  });

  test('of a damaged file are given up with a reason, and new ones kept', () => {
    store.close();
    writeFileSync(file, 'this is no database, and long enough to be read as one'.repeat(20));
    open();
    expect(lost).toHaveLength(1);
    add(begin, 1);
    expect(rows(raw)).toHaveLength(1);
  });

  test('are kept in memory where there is no place for a file', () => {
    store.close();
    writeFileSync(join(directory, 'file'), '');
    file = join(directory, 'file', 'samples.sqlite');
    open();
    expect(lost).toHaveLength(1);
    add(begin, 1);
    expect(rows(raw)).toHaveLength(1);
  });

  test('can be closed twice', () => {
    store.close();
    expect(() => store.close()).not.toThrow();
    open();
  });
});
