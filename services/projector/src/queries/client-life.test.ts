import type { ListClients, ListHistory, PersonalData, Queries, ServerEvent } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import {
  actionOperationIdOf,
  actionStory,
  backupIdOf,
  type ClientAction,
} from '../testing/action-stories.ts';
import { momentOf, recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverIdOf, serverStory } from '../testing/stories.ts';
import type { ProjectorQuery } from './answers.ts';

const id = clientIdOf('lab');
let store: Store;
let told: PlacedEvent[];
let actions: number;

const now = '2026-06-01T12:00:00.000Z';
let moment: number;

beforeEach(() => {
  moment = Date.parse(now);
  store = openStore(':memory:', () => new Date(moment), { fresh: false });
  told = [];
  actions = 0;
  tell([
    ...serverStory('one'),
    ...clientStory({ slug: 'lab', server: 'one', personal: 'v1.sealed', expireDate: '2026-12-31' }),
    ...clientStory({ slug: 'other', server: 'one', personal: 'v1.sealed' }),
  ]);
});
afterEach(() => store.close());

/** Goes on with the story where it was. */
const tell = (events: PlacedEvent[], actor = 'admin') => {
  const before = told.length;
  told.push(...events);
  const added = recorded(told).slice(before);
  const personal: PersonalData = { name: 'Анна', email: 'anna@lab.test', ownerLogin: 'anna', notes: 'note' };
  store.apply(
    added.map((event) => ({ ...event, metadata: { ...event.metadata, actor } })),
    new Map(added.map((event) => [event.id, personal])),
  );
};
/** @returns the moment of its last event */
const act = (action: ClientAction, actor = 'admin'): string => {
  tell(actionStory('lab', actions, action), actor);
  actions += 1;
  return momentOf(told.length - 1);
};

const ask = <Name extends ProjectorQuery>(
  name: Name,
  request: Queries[Name]['request'],
): Queries[Name]['result'] =>
  JSON.parse((store.answers[name] as (request: unknown) => string)(request)) as Queries[Name]['result'];
const client = () => ask('GetClient', { id });
const clients = (filter: ListClients['filter']) =>
  ask('ListClients', { page: { number: 1, size: 10 }, sort: [], includeServers: false, filter });
const history = (filter: ListHistory['filter'], page = { number: 1, size: 100 }) =>
  ask('ListHistory', { page, filter, events: 'all' });
const summaries = (filter: ListHistory['filter']) => history(filter).items.map(({ summary }) => summary);
const rejectedWith = (code: string) =>
  expect.objectContaining({ faults: [expect.objectContaining({ code })] });

test('maintenance, with its message, since it was turned on', () => {
  expect(client()).toMatchObject({ maintenance: null, usersCount: null, usersCountedAt: null });
  act({ kind: 'client.enable_maintenance', message: 'Back at noon' });
  const first = client();
  expect(first.maintenance).toEqual({ message: 'Back at noon', since: first.updatedAt });
  act({ kind: 'client.enable_maintenance' });
  expect(client().maintenance).toEqual({ message: null, since: first.updatedAt });
  expect(client().updatedAt > first.updatedAt).toBe(true);
  act({ kind: 'client.disable_maintenance', ending: 'error' });
  expect(client().maintenance).not.toBeNull();
  act({ kind: 'client.disable_maintenance' });
  expect(client().maintenance).toBeNull();
});

test('demo data, users counted, password, restart', () => {
  act({ kind: 'client.enable_demo' });
  expect(client().demo).toBe(true);
  act({ kind: 'client.disable_demo' });
  expect(client().demo).toBe(false);
  act({ kind: 'client.count_users', users: 12 });
  const counted = client();
  expect(counted).toMatchObject({ usersCount: 12, usersCountedAt: counted.updatedAt });
  act({ kind: 'client.set_owner_password' });
  const changed = client();
  expect(changed.updatedAt > counted.updatedAt).toBe(true);
  expect(JSON.stringify(changed)).not.toContain('v1.');
  act({ kind: 'client.reboot' });
  act({ kind: 'client.enable_demo', ending: 'cancelled' });
  expect(client()).toEqual(changed);
});

test('changed attributes: what is absent stays; personal ones are as they were opened', () => {
  expect(client()).toMatchObject({ aliases: [], locale: 'ru', name: 'Анна' });
  const limits = { memoryMb: 1024, cpus: 2, pids: 100 };
  const aliases = ['lab.example.org'];
  act({ kind: 'client.apply_changes', changes: { aliases, limits } });
  expect(client()).toMatchObject({ aliases, limits, locale: 'ru', name: 'Анна', email: 'anna@lab.test' });
  const before = told.length;
  const changes = { personal: 'v1.client.new', personalChanged: ['name'], locale: 'en' as const };
  told.push(...actionStory('lab', 9, { kind: 'client.apply_changes', changes }));
  const added = recorded(told).slice(before);
  const personal: PersonalData = { name: 'Борис', email: 'b@lab.test', ownerLogin: 'anna', notes: '' };
  store.apply(added, new Map(added.map((event) => [event.id, personal])));
  expect(client()).toMatchObject({ aliases, limits, locale: 'en', name: 'Борис', email: 'b@lab.test' });
  expect(clients({ search: 'борис' }).total).toBe(1);
  expect(history({ kind: 'ClientChanged' }).items.map(({ summary }) => summary)).toEqual([
    'Attributes changed: name; locale en',
    'Attributes changed: limits 1024 MiB, CPUs 2, processes 100; further names lab.example.org',
  ]);
});

test('settings, images, the operation that has the client for itself', () => {
  expect(client()).toMatchObject({
    quickStart: true,
    tutorial: true,
    image: 'alfa:1',
    imageId: 'sha256:1',
    previousImage: null,
    runningOperationId: null,
  });
  act({ kind: 'client.apply_settings' });
  expect(client()).toMatchObject({ quickStart: true, tutorial: false });
  act({ kind: 'client.switch', image: 'alfa:7' });
  const previousImage = { reference: 'alfa:1', id: 'sha256:1' };
  expect(client()).toMatchObject({ image: 'alfa:7', imageId: 'sha256:alfa:7', previousImage });
  expect(clients({ image: 'alfa:7' }).total).toBe(1);
  act({ kind: 'client.migrate', ending: 'open' });
  expect(client().runningOperationId).toBe(actionOperationIdOf('lab', 2));
  tell([
    {
      stream: `client-${id}`,
      event: {
        type: 'ClientOperationEnded',
        data: { clientId: id, operationId: actionOperationIdOf('lab', 2), status: 'error' },
      },
    },
  ]);
  expect(client().runningOperationId).toBeNull();
});

const backups = (request: Partial<Queries['ListBackups']['request']> = {}) =>
  ask('ListBackups', { clientId: id, include: 'present', page: { number: 1, size: 10 }, ...request });
const removed = (number: number): PlacedEvent => ({
  stream: `client-${id}`,
  event: { type: 'ClientBackupRemoved', data: { clientId: id, backupId: backupIdOf('lab', number) } },
});

test('backups: newest first, present or all, those that may be removed; the newest whole one stands at the client', () => {
  expect(client().lastBackupAt).toBeNull();
  expect(backups()).toEqual({ items: [], total: 0 });
  act({ kind: 'client.back_up', backup: { keepUntil: '2026-07-01T00:00:00.000Z' } });
  const first = client().lastBackupAt;
  act({ kind: 'client.back_up', backup: { keepUntil: '2026-06-01T00:00:00.000Z' } });
  const second = client().lastBackupAt;
  const warnings = [{ kind: 'view', name: 'broken', reason: 'no table' }];
  act({ kind: 'client.back_up', backup: { storage: null, kind: 'migration', warnings } });
  expect(first !== null && second !== null && first < second).toBe(true);
  expect(client().lastBackupAt).toBe(second);
  expect(backups().items.map((backup) => backup.id)).toEqual([2, 1, 0].map((n) => backupIdOf('lab', n)));
  expect(backups().items[0]?.warnings).toEqual(warnings);
  // One that was made before anybody looked for what does not work has none.
  expect(backups().items[2]).toEqual({
    id: backupIdOf('lab', 0),
    clientId: id,
    operationId: actionOperationIdOf('lab', 0),
    serverId: serverIdOf('one'),
    kind: 'manual',
    image: 'alfa:1',
    database: { bytes: 1000, sha256: 'd', tables: 12 },
    storage: { bytes: 2000, sha256: 's', files: 3 },
    warnings: [],
    createdAt: first,
    keepUntil: '2026-07-01T00:00:00.000Z',
    removedAt: null,
  });
  const known = (backupId: string) => backups({ clientId: null, backupId }).items.map(({ id }) => id);
  expect([known(backupIdOf('lab', 1)), known(clientIdOf('lab'))]).toEqual([[backupIdOf('lab', 1)], []]);
  const expiredBy = (at: string, include: 'present' | 'all' = 'present') =>
    backups({ clientId: null, expiredBy: at, include }).items.map((backup) => backup.id);
  expect(expiredBy('2026-05-31T23:59:59Z')).toEqual([]);
  expect(expiredBy('2026-06-01T03:00:00+03:00')).toEqual([backupIdOf('lab', 1)]);
  tell([removed(1)]);
  expect(client().lastBackupAt).toBe(first);
  expect(backups().total).toBe(2);
  expect(backups({ include: 'all' }).items[1]).toMatchObject({
    id: backupIdOf('lab', 1),
    removedAt: momentOf(told.length - 1),
  });
  expect(expiredBy('2026-06-01T00:00:00Z', 'all')).toEqual([]);
  expect(backups({ page: { number: 2, size: 1 } })).toMatchObject({
    total: 2,
    items: [{ id: backupIdOf('lab', 0) }],
  });
  expect(backups({ clientId: clientIdOf('other') }).total).toBe(0);
  expect(() => backups({ clientId: 'x' })).toThrow(rejectedWith('not_found'));
  expect(() => backups({ expiredBy: 'x' })).toThrow(rejectedWith('validation_failed'));
});

test('a deleted client is gone from everywhere but the history and the backups, with its personal data', () => {
  act({ kind: 'client.back_up', backup: { kind: 'final' } });
  act({ kind: 'client.apply_expiry' });
  const before = history({ targetId: id }).total;
  act({ kind: 'client.delete' });
  tell([removed(0)]);
  expect(() => client()).toThrow(rejectedWith('gone'));
  expect(() => ask('GetCreateLog', { clientId: id, after: null })).toThrow(rejectedWith('gone'));
  expect(clients({}).items.map(({ slug }) => slug)).toEqual(['other']);
  expect(clients({}).total).toBe(1);
  expect(clients({ search: 'анна' }).total).toBe(1);
  expect(ask('GetServer', { id: serverIdOf('one') }).clientCount).toBe(1);
  expect(history({ targetId: id }).total).toBe(before + 4);
  expect(summaries({ targetId: id }).slice(0, 4)).toEqual([
    `Backup ${backupIdOf('lab', 0)} removed`,
    'Deletion of the client ended well',
    'Client deleted',
    'Deletion of the client begun',
  ]);
  expect(backups({ include: 'all' }).items).toMatchObject([{ kind: 'final' }]);
  expect(ask('ListExpireDateChanges', { clientId: id, page: { number: 1, size: 10 } }).total).toBe(1);
});

const availability = (available: boolean | null, reason: string | null, checkedAt: string) =>
  tell([
    {
      stream: `client-${id}`,
      event: { type: 'ClientAvailabilityChanged', data: { clientId: id, available, reason, checkedAt } },
    },
  ]);
const observe = (available: boolean | null, checkedAt: string) =>
  store.record({ serverId: serverIdOf('one'), checkedAt, clients: [{ id, available }] });
const shown = () => {
  const { available, unavailableReason, availableCheckedAt } = client();
  return [available, unavailableReason, availableCheckedAt];
};
const secondsBefore = (seconds: number) => new Date(Date.parse(now) - seconds * 1000).toISOString();
test('availability: events say what it is and why, observations how long ago that was seen', () => {
  const { updatedAt } = client();
  availability(true, null, secondsBefore(300));
  expect(shown()).toEqual([null, null, secondsBefore(300)]);
  observe(true, secondsBefore(20));
  expect(shown()).toEqual([true, null, secondsBefore(20)]);
  availability(false, '/healthz answered 503', secondsBefore(10));
  expect(shown()).toEqual([false, '/healthz answered 503', secondsBefore(10)]);
  observe(false, secondsBefore(5));
  expect(shown()).toEqual([false, '/healthz answered 503', secondsBefore(5)]);
  expect(clients({ available: false }).total).toBe(1);
  observe(true, secondsBefore(2));
  expect(shown()).toEqual([true, null, secondsBefore(2)]);
  observe(null, secondsBefore(1));
  expect(shown()).toEqual([null, null, secondsBefore(1)]);
  availability(null, 'the server does not answer', now);
  expect(shown()).toEqual([null, 'the server does not answer', now]);
  expect(clients({ available: null }).total).toBe(2);
  expect(client().updatedAt).toBe(updatedAt);
  expect(history({ kind: 'ClientAvailabilityChanged' }).items).toMatchObject([
    {
      summary: 'Nobody can tell whether the client is available',
      reason: 'the server does not answer',
      operationId: null,
    },
    { summary: 'Client not available', reason: '/healthz answered 503' },
    { summary: 'Client available', reason: null },
  ]);
  moment += 60_001;
  expect(shown()).toEqual([null, null, now]);
});

test('change of the credentials stands in the history of the installation', () => {
  tell([
    {
      stream: 'credentials',
      event: { type: 'AdminCredentialsChanged', data: { login: 'chief', loginChanged: true } },
    },
  ]);
  expect(history({}).items[0]).toMatchObject({
    kind: 'AdminCredentialsChanged',
    target: { type: 'none', id: null },
    operationId: null,
    summary: 'Administrator\'s password changed, login changed to "chief"',
  });
});

test('a server that is changed, prepared again and removed', () => {
  const serverId = serverIdOf('one');
  const operationId = actionOperationIdOf('one', 1);
  const happens = (event: ServerEvent) => tell([{ stream: `server-${serverId}`, event }]);
  const server = () => ask('GetServer', { id: serverId });
  happens({
    type: 'ServerChanged',
    data: { serverId, operationId: null, name: 'First', active: false, capacity: { clients: 5 } },
  });
  expect(server()).toMatchObject({ name: 'First', active: false, capacity: { clients: 5 }, status: 'ready' });
  expect(ask('ListServers', { active: 'active' }).items).toEqual([]);
  const connection = { kind: 'ssh' as const, host: '10.9.9.9', username: 'root', credentials: 'v1.server.z' };
  happens({ type: 'ServerChanged', data: { serverId, operationId, connection, domain: 'new.test' } });
  expect(server()).toMatchObject({
    name: 'First',
    status: 'preparing',
    facts: null,
    operationId,
    connection: { kind: 'ssh', host: '10.9.9.9', username: 'root' },
  });
  expect(JSON.stringify(server())).not.toContain('v1.');
  expect(client().cloud).toBe('http://lab.new.test:8080');
  happens({ type: 'ServerRemoved', data: { serverId } });
  expect(() => server()).toThrow(rejectedWith('gone'));
  expect(ask('ListServers', { active: 'all' }).items).toEqual([]);
  expect(client().server).toBeNull();
  expect(summaries({ targetId: serverId }).slice(0, 3)).toEqual([
    'Server removed',
    'Server changed: domain new.test; connection to 10.9.9.9',
    'Server changed: name "First"; not active; room for 5 clients',
  ]);
});

test('changes of the last day of use, newest first, in pages; lists are filtered by the new day', () => {
  const request = { clientId: id, page: { number: 1, size: 10 } };
  expect(ask('ListExpireDateChanges', request)).toEqual({ items: [], total: 0 });
  act({ kind: 'client.apply_expiry', from: '2026-12-31', to: '2027-12-31', reason: 'Paid' }, 'anna');
  act({
    kind: 'client.apply_expiry',
    from: '2027-12-31',
    to: '2026-06-30',
    reason: 'Refund',
    ending: 'open',
  });
  const { items, total } = ask('ListExpireDateChanges', request);
  expect(total).toBe(2);
  expect(items).toMatchObject([
    { from: '2027-12-31', to: '2026-06-30', reason: 'Refund', actor: 'admin' },
    { from: '2026-12-31', to: '2027-12-31', reason: 'Paid', actor: 'anna' },
  ]);
  expect(items[1]?.id).toBe(history({ actor: 'anna', kind: 'ClientExpireDateChanged' }).items[0]?.id);
  const second = ask('ListExpireDateChanges', { clientId: id, page: { number: 2, size: 1 } });
  expect(second).toEqual({ items: items.slice(1), total: 2 });
  expect(client().expireDate).toBe('2026-06-30');
  const list = { page: request.page, sort: [], includeServers: false };
  expect(ask('ListClients', { ...list, filter: { expiresBefore: '2026-07-01' } }).total).toBe(1);
  const none = ask('ListExpireDateChanges', { ...request, clientId: clientIdOf('other') });
  expect(none).toEqual({ items: [], total: 0 });
});

test('history of a client: begin, fact and end of each operation, newest first', () => {
  act({ kind: 'client.reboot' });
  act({ kind: 'client.apply_expiry', from: '2026-12-31', to: '2027-12-31' });
  expect(summaries({ targetType: 'client', targetId: id })).toEqual([
    'Last day of use extended from 2026-12-31 to 2027-12-31',
    'Restart of the client ended well',
    'Client restarted',
    'Restart of the client begun',
    'Client created from image alfa:1',
    'Client "lab" asked for: image alfa:1, last day of use 2026-12-31',
  ]);
  expect(JSON.stringify(history({}))).not.toMatch(/v1\.|anna|Анна|note/);
});

test('an operation that failed tells why as soon as it has ended', () => {
  act({ kind: 'client.reboot', ending: 'error' });
  expect(history({ kind: 'ClientOperationEnded' }).items).toMatchObject([
    {
      summary: 'Restart of the client ended with an error',
      reason: 'No answer',
      operationId: actionOperationIdOf('lab', 0),
    },
  ]);
  expect(history({ kind: 'ClientOperationBegun' }).items).toMatchObject([{ reason: null }]);
});

test('history by target, actor, kind and time, each with its total', () => {
  act({ kind: 'client.reboot' }, 'anna');
  const after = act({ kind: 'client.count_users', users: 3, ending: 'cancelled' }, 'boris');
  expect(history({}).total).toBe(12);
  expect(summaries({ targetType: 'server' })).toHaveLength(2);
  expect(summaries({ targetType: 'client' })).toHaveLength(10);
  expect(summaries({ targetId: serverIdOf('one') })).toHaveLength(2);
  expect(summaries({ targetId: clientIdOf('other') })).toHaveLength(2);
  expect(summaries({ actor: 'anna' })).toHaveLength(3);
  expect(summaries({ actor: 'boris' })).toEqual([
    'Count of the users cancelled',
    'Count of the users: asked to cancel',
    'Count of the users begun',
  ]);
  expect(summaries({ actor: 'anna', kind: 'ClientRebooted' })).toEqual(['Client restarted']);
  expect(summaries({ kind: 'nonsense' })).toEqual([]);
  const page = history({ targetId: id }, { number: 2, size: 3 });
  expect(page.total).toBe(8);
  expect(page.items.map(({ kind }) => kind)).toEqual([
    'ClientOperationEnded',
    'ClientRebooted',
    'ClientOperationBegun',
  ]);
  const begun = history({ actor: 'boris', kind: 'ClientOperationBegun' }).items[0]?.at ?? '';
  expect(summaries({ from: begun })).toHaveLength(3);
  expect(summaries({ to: begun })).toHaveLength(9);
  expect(summaries({ from: begun, to: begun })).toEqual([]);
  const inMoscow = new Date(Date.parse(begun) + 3 * 3_600_000).toISOString().replace('Z', '+03:00');
  expect(summaries({ from: inMoscow })).toHaveLength(3);
  expect(summaries({ from: after })).toEqual([]);
});

test('totals follow the rows', () => {
  expect(history({ targetId: id }).total).toBe(2);
  act({ kind: 'client.reboot' });
  expect(history({ targetId: id }).total).toBe(5);
});

test('unknown targets and malformed instants are rejected', () => {
  const page = { number: 1, size: 10 };
  expect(() => history({ targetId: 'x' })).toThrow(rejectedWith('not_found'));
  expect(() => history({ targetType: 'server', targetId: id })).toThrow(rejectedWith('not_found'));
  expect(() => ask('ListExpireDateChanges', { clientId: 'x', page })).toThrow(rejectedWith('not_found'));
  expect(() => history({ from: 'yesterday' })).toThrow(rejectedWith('validation_failed'));
});
