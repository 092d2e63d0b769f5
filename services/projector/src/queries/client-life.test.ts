import type { ListHistory, PersonalData, Queries } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { actionOperationIdOf, actionStory, type ClientAction } from '../testing/action-stories.ts';
import { momentOf, recorded, type PlacedEvent } from '../testing/recorded.ts';
import { clientIdOf, clientStory, serverIdOf, serverStory } from '../testing/stories.ts';
import type { ProjectorQuery } from './answers.ts';

const id = clientIdOf('lab');
let store: Store;
let told: PlacedEvent[];
let actions: number;

beforeEach(() => {
  store = openStore(':memory:', () => new Date('2026-06-01'), { fresh: false });
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
const history = (filter: ListHistory['filter'], page = { number: 1, size: 100 }) =>
  ask('ListHistory', { page, filter });
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
