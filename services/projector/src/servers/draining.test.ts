import { serverStateOf, type ListHistory, type Queries, type ServerEvent } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { momentOf, recorded, type PlacedEvent } from '../testing/recorded.ts';
import { serverIdOf, serverStory } from '../testing/stories.ts';

const serverId = serverIdOf('one');
const operationId = '00000000-0000-4000-8000-000000000002';

let store: Store;
let told: PlacedEvent[];

beforeEach(() => {
  store = openStore(':memory:', () => new Date(), { fresh: false });
  told = [];
  tell(...serverStory('one'));
});
afterEach(() => store.close());

const tell = (...events: PlacedEvent[]) => {
  const before = told.length;
  told.push(...events);
  return store.apply(recorded(told).slice(before), new Map());
};
const happens = (event: ServerEvent) => tell({ stream: `server-${serverId}`, event });
const server = () => JSON.parse(store.answers.GetServer({ id: serverId })) as Queries['GetServer']['result'];

test('a server that is drained says since when, until that is ended; the history tells of both', () => {
  expect(server()).not.toHaveProperty('draining');
  happens({ type: 'ServerDrainingBegun', data: { serverId, operationId } });
  const since = momentOf(told.length - 1);
  expect(server().draining).toEqual({ operationId, since });
  expect(serverStateOf(server())).toBe('draining');
  happens({ type: 'ServerChanged', data: { serverId, operationId: null, name: 'renamed' } });
  expect(server().draining).toEqual({ operationId, since });
  happens({ type: 'ServerDrainingEnded', data: { serverId } });
  expect(server()).not.toHaveProperty('draining');
  expect(serverStateOf(server())).toBe('ready');
  const filter: ListHistory['filter'] = { targetType: 'server', targetId: serverId };
  const { items } = JSON.parse(
    store.answers.ListHistory({ page: { number: 1, size: 10 }, filter, events: 'all' }),
  ) as Queries['ListHistory']['result'];
  expect(items.map(({ kind }) => kind).slice(0, 3)).toEqual([
    'ServerDrainingEnded',
    'ServerChanged',
    'ServerDrainingBegun',
  ]);
});

test('places on servers change nothing of what is shown', () => {
  const before = server();
  tell(
    { stream: `placement-${serverId}`, event: { type: 'PlacesOpened', data: { serverId } } },
    { stream: `placement-${serverId}`, event: { type: 'PlacesCounted', data: { serverId, clientIds: [] } } },
  );
  expect(server()).toEqual(before);
});
