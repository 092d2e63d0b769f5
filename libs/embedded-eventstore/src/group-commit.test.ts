import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { GroupCommit } from './group-commit.ts';
import { LogStore } from './log-store.ts';
import { openDatabase } from './schema.ts';
import { proposalOf } from './proposal.ts';
import { append } from './write-operations.ts';

let directory = '';
let database: DatabaseSync;
let log: LogStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'alfa-eventstore-'));
  database = openDatabase(directory);
  log = new LogStore(database);
});
afterEach(() => {
  log.close();
  rmSync(directory, { recursive: true });
});

const event = (n: number) => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  type: 't',
  json: false,
  metadata: new Uint8Array(),
  data: Uint8Array.of(n),
});
const create = (limits: Partial<{ maxQueuedBytes: number; maxGroupBytes: number }> = {}) => {
  const committed: (readonly string[])[] = [];
  const commits = new GroupCommit(log, { maxQueuedBytes: 1000, maxGroupBytes: 1000, ...limits }, (streams) =>
    committed.push(streams),
  );
  const write = (n: number, stream = 's') =>
    commits.submit(stream, 10, (log) => append(log, stream, -2, proposalOf([event(n)])));
  return { commits, committed, write };
};

test('every commit waits for the disk', () => {
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  expect(pragma('journal_mode')).toBe('wal');
  // 2 is FULL: the write-ahead log is synced at every commit.
  expect(pragma('synchronous')).toBe(2);
});

test('times never go backwards, though the clock may, also across a restart', async () => {
  const clock = jest.spyOn(Date, 'now');
  try {
    for (const [n, now] of [2000, 1000].entries()) {
      clock.mockReturnValue(now);
      await create().write(n);
    }
    log = new LogStore(database);
    clock.mockReturnValue(500);
    await create().write(3);
  } finally {
    clock.mockRestore();
  }
  const stream = log.stream('s')?.id ?? 0;
  expect([0, 1, 2].map((revision) => log.createdMsAt(stream, revision))).toEqual([2000, 2000, 2000]);
});

describe('writes that arrive together', () => {
  test('are one transaction and are answered after it, in their order', async () => {
    const { committed, write } = create();
    const results = await Promise.all([write(1), write(2, 'other'), write(3)]);
    expect(results.map((result) => result.kind === 'written' && result.revision)).toEqual([0, 0, 1]);
    expect(committed).toEqual([['s', 'other', 's']]);
  });

  test('are several transactions when they are too large for one', async () => {
    const { committed, write } = create({ maxGroupBytes: 15 });
    await Promise.all([write(1), write(2), write(3)]);
    expect(committed).toEqual([['s', 's'], ['s']]);
  });

  test('do not fail because of one of them, which leaves nothing behind', async () => {
    const { commits, write } = create();
    const bad = commits.submit('bad', 10, (log) => {
      append(log, 'bad', -2, proposalOf([event(9)]));
      throw new Error('cannot be done');
    });
    const [first, second, third] = await Promise.allSettled([write(1), bad, write(2)]);
    expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(log.stream('bad')).toBeUndefined();
    expect(log.stream('s')?.lastRevision).toBe(1);
    expect(log.head).toBe(2);
  });
});

describe('work that needs several transactions', () => {
  /** Two writes; the second one comes after the promise. */
  const twice = (commits: GroupCommit, stream: string, n: number, until: Promise<unknown>) =>
    commits.inTurns(stream, async (write) => {
      const first = await write(10, () => append(log, stream, -2, proposalOf([event(n)])));
      await until;
      return [first, await write(10, () => append(log, stream, -2, proposalOf([event(n + 1)])))];
    });
  const revisionsOf = (results: unknown[]) =>
    results.map((result) => (result as { revision?: number }).revision);

  test('is not interrupted by writes to its stream or its metadata, but by those to others', async () => {
    const { commits, committed, write } = create();
    const gate = Promise.withResolvers<void>();
    const work = twice(commits, 's', 1, gate.promise);
    const later = [write(11), write(12, '$$s'), write(13)];
    await write(14, 'other');
    expect(committed.flat()).toEqual(['other', 's']);
    gate.resolve();
    expect(revisionsOf(await work)).toEqual([0, 1]);
    expect(revisionsOf(await Promise.all(later))).toEqual([2, 0, 3]);
    // Nothing is left to wait for.
    expect(revisionsOf([await write(15)])).toEqual([4]);
  });

  test('comes after what was submitted before, and one after another', async () => {
    const { commits, committed, write } = create({ maxGroupBytes: 0 });
    const gate = Promise.withResolvers<void>();
    const before = write(1);
    const first = twice(commits, 's', 2, gate.promise);
    const second = twice(commits, 'other', 4, Promise.resolve());
    const behind = write(6, 'other');
    await write(7, 'third');
    await write(8, 'third');
    expect(committed.flat()).toEqual(['s', 'third', 's', 'third']);
    gate.resolve();
    expect(revisionsOf([await before, ...(await first)])).toEqual([0, 1, 2]);
    expect(revisionsOf([...(await second), await behind])).toEqual([0, 1, 2]);
  });

  test('fails alone', async () => {
    const { commits, write } = create();
    const failed = twice(commits, 's', 1, Promise.reject(new Error('no memory')));
    const next = write(3);
    await expect(failed).rejects.toThrow('no memory');
    expect(revisionsOf([await next])).toEqual([1]);
  });

  test('is refused when the store closes first, as is what comes behind it', async () => {
    const { commits, write } = create();
    const work = Promise.allSettled([twice(commits, 's', 1, Promise.resolve()), write(2)]);
    commits.close();
    expect((await work).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(log.head).toBe(0);
  });
});

describe('what may wait', () => {
  test('is bounded in bytes until it is given back', () => {
    const { commits } = create({ maxQueuedBytes: 100 });
    commits.reserve(60);
    expect(() => commits.reserve(60)).toThrow('Server Is Too Busy');
    commits.release(60);
    commits.reserve(100);
  });

  test('is written at the end, and nothing after it', async () => {
    const { commits, write } = create();
    const accepted = write(1);
    commits.close();
    expect(log.head).toBe(1);
    await expect(accepted).resolves.toMatchObject({ revision: 0 });
    await expect(write(2)).rejects.toThrow('Server Is Not Ready');
  });
});
