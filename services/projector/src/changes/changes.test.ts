import { streams, type ChangesView } from '@alfa-cloud/contracts';
import { inTransaction } from '@alfa-cloud/service-kit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Statements } from '../answering/statements.ts';
import { changeRows } from '../read-models/change-rows.ts';
import { openDatabase } from '../read-models/database.ts';
import { openStore, type Store } from '../read-models/store.ts';
import { actionStory, backupIdOf } from '../testing/action-stories.ts';
import { bulkChildIdOf, bulkIdOf, bulkStory, childStory } from '../testing/bulk-stories.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientIdOf, clientOperationIdOf, clientStory, serverIdOf, serverStory } from '../testing/stories.ts';
import { backlogMax, changeQueries } from './change-queries.ts';

let store: Store;
let told: PlacedEvent[];

beforeEach(() => {
  store = openStore(':memory:', () => new Date(), { fresh: false });
  told = [];
});
afterEach(() => store.close());

const tell = (...events: PlacedEvent[]) => {
  const before = told.length;
  told.push(...events);
  return store.apply(recorded(told).slice(before), new Map());
};

const after = (cursor: string | null, size = 1000): ChangesView =>
  JSON.parse(store.answers.ListChanges({ after: cursor, size })) as ChangesView;

const names = ({ changes }: ChangesView) => changes.map(({ type, id }) => `${type} ${id}`);

const lab = { slug: 'lab', server: 'one', personal: 'sealed' } as const;

test('whoever asks without a cursor gets one, and with it what has changed since, once', () => {
  expect(after(null)).toEqual({ cursor: 'none-0', reset: null, changes: [], more: false });
  tell(...serverStory('one'));
  const begin = after('none-0');
  expect(names(begin)).toContain(`servers ${serverIdOf('one')}`);
  expect(after(null).cursor).toBe(begin.cursor);
  expect(after(begin.cursor)).toEqual({ cursor: begin.cursor, reset: null, changes: [], more: false });
  expect(tell(...clientStory(lab)).touched).toBe(true);
  const changed = after(begin.cursor);
  expect(changed.changes).toEqual(
    expect.arrayContaining([
      // It shows how many clients it has.
      { type: 'servers', id: serverIdOf('one'), clientId: null, serverId: null, removed: false },
      {
        type: 'operations',
        id: clientOperationIdOf('lab'),
        clientId: clientIdOf('lab'),
        serverId: null,
        removed: false,
      },
      { type: 'clients', id: clientIdOf('lab'), clientId: null, serverId: serverIdOf('one'), removed: false },
    ]),
  );
  expect(changed.changes).toHaveLength(3);
});

test('read in pages of any size, at any cut, nothing is left out and nothing comes twice', () => {
  const events = [
    ...serverStory('one'),
    ...['a', 'b', 'c'].flatMap((slug) => clientStory({ ...lab, slug })),
    ...bulkStory({ name: 'bulk', slugs: ['a', 'b'] }),
    ...childStory({ name: 'bulk' }, 'a', 'ok'),
  ];
  for (const size of [1, 2, 3, 1000]) {
    store.close();
    store = openStore(':memory:', () => new Date(), { fresh: false });
    told = [];
    tell(...events.slice(0, 20));
    let { cursor } = after('none-0');
    tell(...events.slice(20));
    const whole = names(after(cursor));
    const read: string[] = [];
    for (let page = after(cursor, size); page.changes.length > 0; page = after(cursor, size)) {
      read.push(...names(page));
      expect(page.more).toBe(read.length < whole.length);
      ({ cursor } = page);
    }
    expect(read).toEqual(whole);
    expect(new Set(read).size).toBe(read.length);
  }
});

test('what only a log shows is no change; a part of a bulk operation changes the whole', () => {
  const bulk = { name: 'bulk', slugs: ['lab'] };
  tell(...serverStory('one'), ...clientStory(lab), ...bulkStory(bulk));
  const { cursor } = after(null);
  const operationId = clientOperationIdOf('lab');
  const written: PlacedEvent['event'] = {
    type: 'OperationOutputWritten',
    data: { operationId, step: 'container', text: 'x' },
  };
  expect(tell({ stream: streams.operation(operationId), event: written }).touched).toBe(false);
  const next = after(cursor);
  expect(next.changes).toEqual([]);
  expect(next.cursor).not.toBe(cursor);
  tell(...childStory(bulk, 'lab', 'ok'));
  expect(names(after(next.cursor))).toEqual(
    expect.arrayContaining([`operations ${bulkIdOf('bulk')}`, `operations ${bulkChildIdOf('bulk', 'lab')}`]),
  );
});

test('availability and backups are told; a deleted client is told as removed, and only then', () => {
  tell(...serverStory('one'), ...clientStory(lab));
  let { cursor } = after(null);
  const clientId = clientIdOf('lab');
  const stream = streams.client(clientId);
  const seen = { clientId, available: false, reason: 'no answer', checkedAt: '2026-01-01T00:00:00.000Z' };
  tell({ stream, event: { type: 'ClientAvailabilityChanged', data: seen } });
  let page = after(cursor);
  expect(names(page)).toEqual([`clients ${clientId}`]);
  ({ cursor } = page);
  tell(...actionStory('lab', 1, { kind: 'client.back_up' }));
  page = after(cursor);
  expect(names(page)).toContain(`backups ${backupIdOf('lab', 1)}`);
  ({ cursor } = page);
  const operationId = clientOperationIdOf('lab');
  tell({ stream, event: { type: 'ClientDeleted', data: { clientId, operationId } } });
  page = after(cursor);
  expect(page.changes).toMatchObject([
    { type: 'clients', id: clientId, removed: true },
    { type: 'servers', id: serverIdOf('one'), removed: false },
  ]);
  ({ cursor } = page);
  const backupId = backupIdOf('lab', 1);
  tell({ stream, event: { type: 'ClientBackupRemoved', data: { clientId, backupId } } });
  expect(names(after(cursor))).toEqual([`backups ${backupId}`]);
});

test('a server that was removed stays so, whatever is still told of it', () => {
  tell(...serverStory('one'));
  const serverId = serverIdOf('one');
  const stream = streams.server(serverId);
  tell({ stream, event: { type: 'ServerRemoved', data: { serverId } } });
  const { cursor } = after(null);
  tell({ stream, event: { type: 'ServerMended', data: { serverId, mended: [] } } });
  expect(after(cursor).changes).toMatchObject([{ type: 'servers', id: serverId, removed: true }]);
});

test('alerts are told, also those that end with their server', () => {
  tell(...serverStory('one'));
  const serverId = serverIdOf('one');
  const alertId = '00000000-0000-4000-8000-000000000001';
  const raised = { serverId, alertId, code: 'disk', about: '/', since: '2026-01-01T00:00:00.000Z' } as const;
  const stream = streams.server(serverId);
  tell({ stream, event: { type: 'ServerAlertRaised', data: { ...raised, reason: 'Full' } } });
  const { cursor } = after(null);
  tell({ stream, event: { type: 'ServerRemoved', data: { serverId } } });
  expect(after(cursor).changes).toMatchObject([
    { type: 'alerts', id: alertId, serverId },
    { type: 'servers', id: serverId, removed: true },
  ]);
});

test('a cursor of another event store or of a lost state is told as such', () => {
  tell(...serverStory('one'));
  const { cursor } = after(null);
  expect(after('00000000-1')).toEqual({ cursor, reset: 'unknown_cursor', changes: [], more: false });
  const [origin] = cursor.split('-');
  for (const beyond of [`${origin}-18446744073709551615`, '00000000-18446744073709551615']) {
    expect(after(beyond)).toMatchObject({ cursor, reset: 'unknown_cursor' });
  }
});

test('after a cursor behind which too much has changed, there is only where to go on', () => {
  const { database } = openDatabase(':memory:');
  database.exec("INSERT INTO checkpoint VALUES (1, '20000', 'newest', '1f3a9c02-first')");
  const rows = changeRows(database);
  const changed = (from: number, to: number) => {
    for (let n = from; n <= to; n += 1) {
      const of = { clientId: null, serverId: null, removed: false };
      rows.touch(BigInt(n), [{ type: 'mails', id: String(n), ...of }]);
    }
    inTransaction(database, () => rows.flushChanges());
  };
  const queries = changeQueries(new Statements(database));
  const ask = () => JSON.parse(queries.list({ after: '1f3a9c02-0', size: 1000 })) as ChangesView;
  changed(1, backlogMax);
  expect(ask()).toMatchObject({
    reset: null,
    more: true,
    cursor: '1f3a9c02-1000',
    changes: { length: 1000 },
  });
  changed(backlogMax + 1, backlogMax + 1);
  expect(ask()).toEqual({ cursor: '1f3a9c02-20000', reset: 'too_many_changes', changes: [], more: false });
  database.close();
});
