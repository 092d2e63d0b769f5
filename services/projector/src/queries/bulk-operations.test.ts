import type { OperationView, Queries } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { progressSql } from '../operations/progress-queries.ts';
import { openDatabase } from '../read-models/database.ts';
import { openStore, type Store } from '../read-models/store.ts';
import { bulkChildIdOf, bulkIdOf, bulkStory, childStory } from '../testing/bulk-stories.ts';
import { momentOf, recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverStory, type Ending } from '../testing/stories.ts';
import type { ProjectorQuery } from './answers.ts';

const slugs = ['a', 'b', 'c', 'd', 'e'];
const bulk = { name: 'first', slugs };
let store: Store;
let told: PlacedEvent[];

beforeEach(() => {
  told = [];
  // The present is a minute after the newest event.
  store = openStore(':memory:', () => new Date(momentOf(told.length)), { fresh: false });
  tell([
    ...serverStory('one'),
    ...slugs.flatMap((slug) => clientStory({ slug, server: 'one', personal: 'p' })),
  ]);
});
afterEach(() => store.close());

const tell = (events: PlacedEvent[]) => {
  const before = told.length;
  told.push(...events);
  return store.apply(recorded(told).slice(before), new Map());
};
const child = (slug: string, ending: Ending) => tell(childStory(bulk, slug, ending));
const ask = <Name extends ProjectorQuery>(name: Name, request: Queries[Name]['request']) =>
  JSON.parse((store.answers[name] as (request: unknown) => string)(request)) as Queries[Name]['result'];
const parent = (): OperationView => ask('GetOperation', { id: bulkIdOf('first') });
const page = { number: 1, size: 100 };

test('a long plan comes in parts, of which the history tells once', () => {
  const skipped = ['x', 'y'].map((slug) => ({
    clientId: clientIdOf(slug),
    code: 'image_in_use',
    reason: 'So',
  }));
  const parts = bulkStory({ ...bulk, skipped }).flatMap((placed) => {
    const { stream, event } = placed;
    if (event.type !== 'OperationChildrenPlanned') return [placed];
    const { data } = event;
    const part = (number: number) => ({ number, of: 2, children: 5, skipped: 2 });
    return [
      { ...data, part: part(1), children: data.children.slice(0, 4), skipped: [] },
      { ...data, part: part(2), children: data.children.slice(4) },
    ].map((each): PlacedEvent => ({ stream, event: { type: event.type, data: each } }));
  });
  const planned = parts.findLastIndex(({ event }) => event.type === 'OperationChildrenPlanned');
  const [before, first] = [parts.slice(0, planned - 1), parts.slice(planned - 1, planned)];
  // A crash cuts the plan off, and it is set out anew.
  tell([...before, ...first, ...first, ...parts.slice(planned)]);
  expect(parent().progress).toMatchObject({ total: 5, skippedTotal: 2, skipped });
  const { items } = ask('ListHistory', { page, filter: { operationId: bulkIdOf('first') }, events: 'all' });
  const summaries = items.map(({ summary }) => summary);
  expect(new Set(summaries)).toEqual(new Set([expect.stringContaining('5 to do, 2 left out')]));
});

test('progress follows the children, and so does the time that is left', () => {
  const skipped = [{ clientId: clientIdOf('x'), code: 'unresolved_failure', reason: 'Failed before' }];
  tell(bulkStory({ ...bulk, skipped }));
  expect(parent().progress).toEqual({
    total: 5,
    done: 0,
    failed: 0,
    running: 0,
    skippedTotal: 1,
    skipped,
    etaSeconds: null,
  });
  child('a', 'ok');
  const first = ask('GetOperation', { id: bulkChildIdOf('first', 'a') });
  const seconds = (Date.parse(first.finishedAt ?? '') - Date.parse(first.acceptedAt)) / 1000;
  expect(parent().progress).toMatchObject({ done: 1, failed: 0, running: 0, etaSeconds: (4 * seconds) / 2 });
  child('b', 'error');
  child('c', 'cancelled');
  child('d', 'open');
  const { progress } = parent();
  expect(progress).toMatchObject({ total: 5, done: 3, failed: 2, running: 1 });
  expect(progress?.etaSeconds).toBeLessThan(seconds);
  expect(ask('ListOperations', { page, filter: { kind: 'clients.migrate' } }).items).toEqual([parent()]);
});

test('before a child has ended the time is learnt from earlier operations of the kind', () => {
  tell([
    ...bulkStory({ name: 'earlier', slugs: ['a'] }),
    ...childStory({ name: 'earlier' }, 'a', 'ok'),
    ...bulkStory(bulk),
  ]);
  const earlier = ask('GetOperation', { id: bulkChildIdOf('earlier', 'a') });
  const seconds = (Date.parse(earlier.finishedAt ?? '') - Date.parse(earlier.acceptedAt)) / 1000;
  expect(parent().progress?.etaSeconds).toBe(seconds + (4 * seconds) / 2);
});

test('an operation that has ended leaves nothing to wait for', () => {
  tell(bulkStory(bulk, 'cancelled'));
  child('a', 'ok');
  expect(parent()).toMatchObject({
    status: 'cancelled',
    progress: { total: 5, done: 1, running: 0, etaSeconds: null },
  });
});

test('a page of operations can be sent however many clients each is about', () => {
  const many = Array.from({ length: 5000 }, (_, index) => clientIdOf(String(index)));
  const skipped = many.map((clientId) => ({ clientId, code: 'image_in_use', reason: 'x'.repeat(100) }));
  for (let number = 0; number < 100; number += 1) {
    const [accepted, ...rest] = bulkStory({
      name: String(number),
      slugs: [],
      skipped: number < 10 ? skipped : [],
    });
    if (accepted?.event.type !== 'OperationAccepted') throw new Error('The story has changed');
    const data = { ...accepted.event.data, parameters: { clientIds: many } };
    tell([{ ...accepted, event: { ...accepted.event, data } }, ...rest]);
  }
  const text = store.answers.ListOperations({ page, filter: {} });
  expect(text.length).toBeLessThan(1_000_000);
  const one = ask('GetOperation', { id: bulkIdOf('0') });
  expect(one.progress?.skippedTotal).toBe(5000);
  expect(one.progress?.skipped).toHaveLength(100);
  expect(one.parameters?.['clientIds']).toEqual(many.slice(0, 100));
});

test('parameters, what is repeated, and whose child it is', () => {
  tell([...bulkStory(bulk, 'error'), ...bulkStory({ ...bulk, name: 'again', retryOf: bulkIdOf('first') })]);
  child('b', 'ok');
  expect(parent()).toMatchObject({ parameters: { waveSize: 2 }, retryOf: null, parentId: null });
  expect(ask('GetOperation', { id: bulkIdOf('again') })).toMatchObject({ retryOf: bulkIdOf('first') });
  const children = ask('ListOperations', { page, filter: { parentId: bulkIdOf('first') } });
  expect(children).toMatchObject({
    total: 1,
    items: [
      { id: bulkChildIdOf('first', 'b'), parentId: bulkIdOf('first'), parameters: null, progress: null },
    ],
  });
  expect(ask('ListOperations', { page, filter: { parentId: bulkIdOf('again') } }).total).toBe(0);
});

test('a child that could not begin counts as failed and stands in the history of its client', () => {
  tell(bulkStory(bulk));
  const operationId = bulkChildIdOf('first', 'a');
  const cause = { code: 'client_busy', reason: 'Another operation has the client', step: null };
  const { parentIds } = tell([
    {
      stream: `operation-${operationId}`,
      event: {
        type: 'OperationRejected',
        data: { operationId, kind: 'command.rejected', command: 'client.migrate', cause },
      },
    },
  ]);
  expect(parentIds).toEqual([bulkIdOf('first')]);
  expect(parent().progress).toMatchObject({ total: 5, done: 1, failed: 1, running: 0 });
  expect(ask('GetOperation', { id: operationId })).toMatchObject({
    status: 'error',
    parentId: bulkIdOf('first'),
    target: { type: 'client', id: clientIdOf('a') },
    error: cause,
  });
  expect(ask('ListHistory', { page, filter: { targetId: clientIdOf('a') } }).items[0]).toMatchObject({
    summary: 'Migration of the database not begun',
    reason: 'Another operation has the client',
  });
});

test('whoever follows the parent is told when a child begins and ends, not of all that it does', () => {
  tell(bulkStory(bulk));
  const story = childStory(bulk, 'a', 'ok');
  const parents = story.map((event) => tell([event]).parentIds);
  const moves = story.filter(({ event }) =>
    ['OperationAccepted', 'OperationClaimed', 'OperationSucceeded'].includes(event.type),
  );
  expect(parents.flat()).toEqual(moves.map(() => bulkIdOf('first')));
});

test('the history of all: begun, asked to cancel, ended; of one operation: what it did', () => {
  tell(bulkStory(bulk, 'cancelled'));
  child('a', 'ok');
  const summaries = (operationId: string) =>
    ask('ListHistory', { page, filter: { operationId }, events: 'all' }).items.map(({ summary }) => summary);
  expect(summaries(bulkIdOf('first'))).toEqual([
    'Migration of many databases cancelled',
    'Migration of many databases: asked to cancel',
    'Migration of many databases begun: 5 to do, 0 left out',
  ]);
  expect(summaries(bulkChildIdOf('first', 'a'))).toEqual([
    'Migration of the database ended well',
    'Database migrated',
    'Migration of the database begun',
  ]);
  const [newest] = ask('ListHistory', { page, filter: { kind: 'OperationCancelled' } }).items;
  expect(newest?.target).toEqual({ type: 'none', id: null });
});

test('children are counted and listed by index, however many operations there are', () => {
  const { database } = openDatabase(':memory:');
  const plan = (sql: string) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail));
  const byStatus = 'INDEX operations_by_parent_and_status (';
  const { counts, running, durationsOfChildren, durationsOfKind } = progressSql;
  expect(plan(counts)).toEqual([expect.stringContaining(`COVERING ${byStatus}`)]);
  expect(plan(running)).toEqual([expect.stringContaining(byStatus)]);
  expect(plan(durationsOfChildren)).toEqual([expect.stringContaining(`COVERING ${byStatus}`)]);
  expect(plan(durationsOfKind)).toEqual([expect.stringContaining('INDEX operations_by_kind (')]);
  expect(plan('SELECT view FROM operations WHERE parent_id = ? ORDER BY number DESC LIMIT 100')).toEqual([
    expect.stringContaining('INDEX operations_by_parent ('),
  ]);
  database.close();
});
