import type { ListClients, PersonalData, Queries } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { momentOf, recorded } from '../testing/recorded.ts';
import { clientIdOf, clientOperationIdOf, clientStory, serverIdOf, serverStory } from '../testing/stories.ts';
import type { ProjectorQuery } from './answers.ts';

const now = Date.UTC(2026, 5, 1);
let moment = now;
let store: Store;

const people: Record<string, PersonalData> = {
  alpha: { name: 'Ёлка', email: 'Anna@Example.test', ownerLogin: 'anna', notes: 'note' },
  beta: { name: 'Борис 100%', email: 'boris@example.test', ownerLogin: 'boris', notes: '' },
  gamma: { name: 'альфа', email: 'g@example.test', ownerLogin: 'g', notes: '' },
  delta: { name: 'Delta', email: 'd@example.test', ownerLogin: 'd', notes: '' },
};

beforeEach(() => {
  moment = now;
  store = openStore(':memory:', () => new Date(moment), { fresh: false });
  const events = recorded([
    ...serverStory('one'),
    ...serverStory('two', 'error'),
    ...serverStory('retired'),
    ...clientStory({ slug: 'alpha', server: 'one', personal: 'p', expireDate: '2026-12-31' }),
    ...clientStory({ slug: 'beta', server: 'one', personal: 'p', ending: 'open', expireDate: '2026-06-30' }),
    ...clientStory({ slug: 'gamma', server: 'two', personal: 'p', ending: 'error', image: 'alfa:2' }),
    ...clientStory({ slug: 'delta', server: 'one', personal: 'p', ending: 'cancelled' }),
  ]);
  const personal = new Map<string, PersonalData>();
  for (const event of events) {
    const data = event.type === 'ClientCreationRequested' ? people[event.data.slug] : undefined;
    if (data !== undefined) personal.set(event.id, data);
  }
  store.apply(events, personal);
});
afterEach(() => store.close());

const ask = <Name extends ProjectorQuery>(
  name: Name,
  request: Queries[Name]['request'],
): Queries[Name]['result'] =>
  JSON.parse((store.answers[name] as (request: unknown) => string)(request)) as Queries[Name]['result'];

const list = (filter: ListClients['filter'], options: Partial<Omit<ListClients, 'filter'>> = {}) =>
  ask('ListClients', {
    page: { number: 1, size: 100 },
    sort: [{ field: 'slug', descending: false }],
    includeServers: false,
    ...options,
    filter,
  });
const slugs = (filter: ListClients['filter'], options: Partial<Omit<ListClients, 'filter'>> = {}) =>
  list(filter, options).items.map(({ slug }) => slug);

test('a client with all that is known of it', () => {
  const client = ask('GetClient', { id: clientIdOf('alpha') });
  expect(client).toMatchObject({
    id: clientIdOf('alpha'),
    name: 'Ёлка',
    email: 'Anna@Example.test',
    ownerLogin: 'anna',
    notes: 'note',
    status: 'active',
    available: null,
    availableCheckedAt: null,
    cloud: 'http://alpha.one.example.test:8080',
    operationId: clientOperationIdOf('alpha'),
    server: { id: serverIdOf('one'), clientCount: 2 },
  });
  expect(client.updatedAt > client.createdAt).toBe(true);
  expect(JSON.stringify(client)).not.toContain('v1.');
});

test('servers: active ones or all, with the clients that live or are being made there', () => {
  expect(ask('ListServers', { active: 'active' }).items.map(({ name }) => name)).toEqual(['one', 'two']);
  const all = ask('ListServers', { active: 'all' }).items;
  expect(all.map(({ name, status, clientCount }) => [name, status, clientCount])).toEqual([
    ['one', 'ready', 2],
    ['retired', 'ready', 0],
    ['two', 'failed', 0],
  ]);
  expect(all[2]?.failure).toEqual({ code: 'disk_full', reason: 'No space' });
  expect(ask('GetServer', { id: serverIdOf('one') }).connection).toEqual({
    kind: 'ssh',
    host: '10.0.0.1',
    username: 'root',
  });
});

test.each<[ListClients['filter'], string[]]>([
  [{}, ['alpha', 'beta', 'delta', 'gamma']],
  [{ status: 'active' }, ['alpha']],
  [{ status: 'creating' }, ['beta']],
  [{ serverId: serverIdOf('two') }, ['gamma']],
  [{ image: 'alfa:2' }, ['gamma']],
  [{ expiresBefore: '2026-12-31' }, ['beta']],
  [{ search: 'ЕЛК' }, ['alpha']],
  [{ search: 'АЛЬФА' }, ['gamma']],
  [{ search: 'anna@' }, ['alpha']],
  [{ search: '%' }, ['beta']],
  [{ search: '_' }, []],
  [{ search: "'" }, []],
  [{ search: 'x'.repeat(1_000_000) }, []],
  [{ status: 'failed', search: 'e' }, ['delta', 'gamma']],
])('filter %#', (filter, found) => {
  expect(slugs(filter)).toEqual(found);
  expect(list(filter).total).toBe(found.length);
});

test('sorted, either way, ties by id', () => {
  expect(slugs({}, { sort: [{ field: 'name', descending: false }] })).toEqual([
    'delta',
    'gamma',
    'beta',
    'alpha',
  ]);
  expect(slugs({}, { sort: [{ field: 'createdAt', descending: true }] })).toEqual([
    'delta',
    'gamma',
    'beta',
    'alpha',
  ]);
  const failed = ['gamma', 'delta'].sort((a, b) => (clientIdOf(a) < clientIdOf(b) ? -1 : 1));
  expect(slugs({}, { sort: [{ field: 'status', descending: false }] })).toEqual(['alpha', 'beta', ...failed]);
});

test('pages, with the total of all and the servers of those shown', () => {
  const page = list({}, { page: { number: 2, size: 3 }, includeServers: true });
  expect(page.items.map(({ slug }) => slug)).toEqual(['gamma']);
  expect(page.total).toBe(4);
  expect(page.servers.map(({ name }) => name)).toEqual(['two']);
  expect(slugs({}, { page: { number: 1e300, size: 1e300 } })).toEqual([]);
  expect(slugs({}, { page: { number: -1, size: -1 } })).toEqual(['alpha']);
});

test('the total follows the rows', () => {
  expect(list({ status: 'active' }).total).toBe(1);
  const { operationId, clientId } = {
    operationId: clientOperationIdOf('beta'),
    clientId: clientIdOf('beta'),
  };
  const [event] = recorded([
    {
      stream: `client-${clientId}`,
      event: { type: 'ClientCreated', data: { clientId, operationId, image: 'alfa:1', imageId: 'x' } },
    },
  ]);
  if (event !== undefined) store.apply([{ ...event, position: 10n ** 9n }], new Map());
  expect(list({ status: 'active' }).total).toBe(2);
});

test('addresses and counts of clients follow servers and clients that come later', () => {
  const later = (position: number, story: Parameters<typeof recorded>[0]) =>
    store.apply(
      recorded(story).map((event, index) => ({ ...event, position: BigInt(position + index) })),
      new Map(),
    );
  later(1e9, clientStory({ slug: 'early', server: 'three', personal: 'p' }));
  const early = () => list({ serverId: serverIdOf('three') }, { includeServers: true });
  expect(early()).toMatchObject({ items: [{ cloud: 'http://early' }], servers: [] });
  later(2e9, serverStory('three'));
  expect(early()).toMatchObject({
    items: [{ cloud: 'http://early.three.example.test:8080' }],
    servers: [{ name: 'three', clientCount: 1 }],
  });
  later(3e9, clientStory({ slug: 'late', server: 'three', personal: 'p' }));
  expect(ask('GetServer', { id: serverIdOf('three') }).clientCount).toBe(2);
});

test('availability: known while fresh, unknown after, and the newest observation counts', () => {
  const checkedAt = new Date(now).toISOString();
  const observe = (at: string, available: boolean | null) =>
    store.record({ serverId: 's', checkedAt: at, clients: [{ id: clientIdOf('alpha'), available }] });
  observe(checkedAt, true);
  observe(new Date(now - 1000).toISOString(), false);
  store.record({ checkedAt, clients: [{ id: 1 }] });
  store.record('nonsense');
  expect(list({}).items[0]).toMatchObject({ available: true, availableCheckedAt: checkedAt });
  expect(slugs({ available: true })).toEqual(['alpha']);
  expect(slugs({ available: false })).toEqual([]);
  expect(slugs({ available: null })).toEqual(['beta', 'delta', 'gamma']);
  moment = now + 60_001;
  expect(list({}).items[0]).toMatchObject({ available: null, availableCheckedAt: checkedAt });
  expect(list({ available: true }).total).toBe(0);
  expect(list({ available: null }).total).toBe(4);
  observe(new Date(moment).toISOString(), false);
  expect(slugs({ available: false })).toEqual(['alpha']);
});

test('create log: steps, lines in order, completion', () => {
  const done = ask('GetCreateLog', { clientId: clientIdOf('alpha'), after: null });
  expect(done).toMatchObject({ completed: 'ok', status: 'ok', error: null, more: false });
  expect(
    done.steps.every(
      ({ status, outcome, durationMs }) => status === 'ok' && outcome === 'done' && durationMs === 1234,
    ),
  ).toBe(true);
  expect(done.entries[0]?.message).toBe('Creation of the client: accepted, 9 steps');
  expect(done.entries.at(-1)?.message).toBe('Ended well');
  const rest = ask('GetCreateLog', { clientId: clientIdOf('alpha'), after: done.entries[3]?.cursor ?? '' });
  expect(rest.entries).toEqual(done.entries.slice(4));
  const end = ask('GetCreateLog', { clientId: clientIdOf('alpha'), after: done.cursor });
  expect(end).toMatchObject({ entries: [], cursor: done.cursor });

  expect(ask('GetCreateLog', { clientId: clientIdOf('beta'), after: null })).toMatchObject({
    completed: null,
    status: 'running',
  });
  expect(ask('GetCreateLog', { clientId: clientIdOf('delta'), after: null })).toMatchObject({
    completed: 'error',
    status: 'cancelled',
    error: { code: 'cancelled', reason: 'The creation was cancelled on request', step: null },
  });
});

test('an operation that failed: retry, leftover, what was taken back', () => {
  const operation = ask('GetOperation', { id: clientOperationIdOf('gamma') });
  expect(operation).toMatchObject({
    kind: 'client.create',
    status: 'error',
    error: { code: 'unhealthy', step: 'database' },
    leftovers: ['database'],
    target: { type: 'client', id: clientIdOf('gamma') },
    actor: 'admin',
    correlationId: 'request-1',
  });
  expect(operation.steps.slice(0, 3).map(({ name, status, attempts }) => [name, status, attempts])).toEqual([
    ['config', 'compensated', 1],
    ['database', 'leftover', 2],
    ['volume', 'pending', 0],
  ]);
  const [config, database, volume] = operation.steps;
  expect(config?.durationMs).toBe(1234);
  // From its first attempt to what ended it, the pause between its attempts included.
  expect(database?.durationMs).toBe(3 * 60_000);
  expect(volume?.durationMs).toBeNull();
  expect(operation.finishedAt !== null && operation.finishedAt > operation.acceptedAt).toBe(true);
});

test('operations: newest first, filtered', () => {
  const all = ask('ListOperations', { page: { number: 1, size: 2 }, filter: {} });
  expect(all.total).toBe(7);
  expect(all.items.map(({ id }) => id)).toEqual([clientOperationIdOf('delta'), clientOperationIdOf('gamma')]);
  const one = ask('ListOperations', {
    page: { number: 1, size: 10 },
    filter: { status: 'ok', kind: 'client.create', targetId: clientIdOf('alpha') },
  });
  expect(one).toMatchObject({ total: 1, items: [{ id: clientOperationIdOf('alpha') }] });
  expect(one.items[0]?.acceptedAt).toBe(momentOf(indexOfAcceptance));
});

/** Place of `OperationAccepted` of client alpha: after the events of three servers, the reservation and the request. */
const indexOfAcceptance =
  serverStory('one').length + serverStory('two', 'error').length + serverStory('retired').length + 2;

test.each<[ProjectorQuery, unknown]>([
  ['GetServer', { id: 'x' }],
  ['GetClient', { id: 'x' }],
  ['GetCreateLog', { clientId: 'x', after: null }],
  ['GetOperation', { id: 'x' }],
  ['GetOperationLog', { id: 'x', after: null }],
])('%s of an unknown id is rejected', (name, request) => {
  expect(() => ask(name, request as never)).toThrow(
    expect.objectContaining({ faults: [expect.objectContaining({ code: 'not_found' })] }),
  );
});

test('a malformed cursor is rejected', () => {
  expect(() => ask('GetOperationLog', { id: clientOperationIdOf('alpha'), after: 'x' })).toThrow(
    expect.objectContaining({ faults: [expect.objectContaining({ code: 'validation_failed' })] }),
  );
});
