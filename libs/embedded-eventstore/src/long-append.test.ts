/** A long append that ends at any of its transactions: nobody has seen any of it, and nothing of it stays. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Considered } from './all-pages.ts';
import { allPages } from './all-pages.ts';
import { appendEvents } from './append-events.ts';
import type { ProposedEvent } from './event-record.ts';
import type { FilterOptions } from './filter.ts';
import { GroupCommit } from './group-commit.ts';
import { LONG_APPEND_EVENTS } from './long-append.ts';
import { LogStore } from './log-store.ts';
import { openDatabase } from './schema.ts';

const COUNT = 3 * LONG_APPEND_EVENTS;
/** One that decides and reserves, one for each slice, and the one that publishes. */
const TRANSACTIONS = 5;

let directory = '';
let log: LogStore;
let commits: GroupCommit;
const open = (at = directory): void => {
  log = new LogStore(openDatabase(at));
  commits = new GroupCommit(log, { maxQueuedBytes: 1e8, maxGroupBytes: 1e8 }, () => undefined);
};
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'alfa-eventstore-'));
  open();
});
afterEach(() => {
  log.close();
  rmSync(directory, { recursive: true });
});

const eventsOf = (count: number, kind: number): ProposedEvent[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `00000000-0000-4000-800${kind}-${String(n).padStart(12, '0')}`,
    type: 't',
    json: false,
    metadata: new Uint8Array(),
    data: Uint8Array.of(n),
  }));
const long = eventsOf(COUNT, 1);
const appendTo = (stream: string, events: readonly ProposedEvent[], expected = -2) =>
  appendEvents(commits, { stream, expected, events, reservedBytes: 0 });

/** Everything that readers of `$all` can see, as `stream@revision`. */
const seen = (filter?: FilterOptions): string[] => {
  const found: string[] = [];
  const pages = allPages(log, filter);
  for (let from = 1; ;) {
    const page = pages.forward(from, log.head);
    found.push(...namesIn(page));
    const last = page.at(-1);
    if (last === undefined) return found;
    from = last.at + 1;
  }
};
const seenBackwards = (filter?: FilterOptions): string[] => {
  const found: string[] = [];
  const pages = allPages(log, filter);
  for (let from = log.head; ;) {
    const page = pages.backward(from);
    found.push(...namesIn(page));
    const last = page.at(-1);
    if (last === undefined) return found;
    from = last.at - 1;
  }
};
const namesIn = (page: readonly Considered[]): string[] =>
  page.flatMap(({ event }) => (event ? [`${event.stream}@${event.revision}`] : []));
const everything: FilterOptions = { on: 'type', regex: '', prefixes: ['t'] };
const numbered = (stream: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${stream}@${n}`);
const rows = (): number => log.pages.headsForward(1, Number.MAX_SAFE_INTEGER, 10_000).length;

/** Makes the n-th commit from now on do something else. */
const atCommit = (nth: number, act: (commit: () => void) => void): void => {
  const commit = log.commit.bind(log);
  let left = nth;
  log.commit = () => {
    left -= 1;
    if (left === 0) act(commit);
    else commit();
  };
};

test('what others write meanwhile stands before it: the log grows at its end only, and time with it', async () => {
  const work = appendTo('long', long);
  const others: Promise<unknown>[] = [];
  const snapshots: string[][] = [];
  const done = new AbortController();
  void work.then(() => done.abort());
  for (let n = 0; !done.signal.aborted; n += 1) {
    others.push(appendTo('other', eventsOf(1, 2), n - 1));
    await new Promise(setImmediate);
    snapshots.push(seen());
  }
  expect(await work).toMatchObject({ kind: 'written', revision: COUNT - 1 });
  await Promise.all(others);
  const all = seen();
  for (const snapshot of snapshots) expect(snapshot).toEqual(all.slice(0, snapshot.length));
  const place = all.indexOf('long@0');
  expect(place).toBeGreaterThanOrEqual(TRANSACTIONS - 1);
  expect(all.slice(place, place + COUNT)).toEqual(numbered('long', COUNT));
  expect(all.toSpliced(place, COUNT)).toEqual(numbered('other', others.length));
  expect(seen(everything)).toEqual(all);
  expect(seenBackwards()).toEqual(all.toReversed());
  expect(seenBackwards(everything)).toEqual(all.toReversed());
  const events = log.pages.allForward(1, log.head, { events: 10_000, bytes: 1e8 });
  const times = events.map((event) => event.createdMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

describe.each(Array.from({ length: TRANSACTIONS }, (_, n) => n + 1))('at transaction %i', (nth) => {
  test('a copy of the file as it is when the power fails holds all of it or nothing', async () => {
    await appendTo('other', eventsOf(2, 2));
    const copies = mkdtempSync(join(tmpdir(), 'alfa-eventstore-'));
    atCommit(nth, (commit) => {
      commit();
      cpSync(directory, copies, { recursive: true });
    });
    await appendTo('long', long);
    log.close();
    try {
      open(copies);
      const written = nth === TRANSACTIONS ? COUNT : 0;
      expect(seen()).toEqual([...numbered('other', 2), ...numbered('long', written)]);
      expect(rows()).toBe(2 + written);
      // The client repeats what was not acknowledged.
      expect(await appendTo('long', long, -1)).toMatchObject({ kind: 'written', revision: COUNT - 1 });
      expect(seen()).toEqual([...numbered('other', 2), ...numbered('long', COUNT)]);
      log.close();
      open();
    } finally {
      rmSync(copies, { recursive: true });
    }
  });

  test('a failure leaves nothing, and the next write finds its place', async () => {
    await appendTo('other', eventsOf(2, 2));
    atCommit(nth, () => {
      // Alone it fails again.
      atCommit(1, () => {
        throw new Error('disk is full');
      });
      throw new Error('disk is full');
    });
    await expect(appendTo('long', long)).rejects.toThrow('disk is full');
    expect(seen()).toEqual(numbered('other', 2));
    log.commit = LogStore.prototype.commit.bind(log);
    await appendTo('long', eventsOf(1, 3), -1);
    expect(seen()).toEqual([...numbered('other', 2), 'long@0']);
    expect(rows()).toBe(3);
    await appendTo('long', long, 0);
    expect(seen()).toEqual([...numbered('other', 2), ...numbered('long', COUNT + 1)]);
  });
});

test('a retry is recognised', async () => {
  const first = await appendTo('long', long);
  expect(await appendTo('long', long)).toEqual(first);
  expect(await appendTo('long', long, -1)).toEqual(first);
  expect(seen()).toEqual(numbered('long', COUNT));
});
