import type { HealthReason, ListHistory, Queries, RecordedHealth, ServerEvent } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';
import { serverIdOf, serverStory } from '../testing/stories.ts';

const serverId = serverIdOf('one');
const operationId = '00000000-0000-4000-8000-000000000002';
const minuteMs = 60_000;
const begin = Date.parse('2026-06-01T12:00:00.000Z');
const at = (minutes: number): string => new Date(begin + minutes * minuteMs).toISOString();
const stopped: HealthReason = { code: 'container_not_running', detail: 'Container alfa-proxy has ended' };

let store: Store;
let told: PlacedEvent[];
let now: number;

beforeEach(() => {
  now = begin;
  store = openStore(':memory:', () => new Date(now), { fresh: false });
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
const changed = (minutes: number, health: RecordedHealth, reasons: HealthReason[] = []) =>
  happens({ type: 'ServerHealthChanged', data: { serverId, health, reasons, checkedAt: at(minutes) } });
const server = () => JSON.parse(store.answers.GetServer({ id: serverId })) as Queries['GetServer']['result'];
const shown = () => {
  const { health, healthReasons, healthCheckedAt } = server();
  return [health, healthReasons, healthCheckedAt];
};

test('is unknown before anybody has looked, and again when nobody has looked lately', () => {
  expect(shown()).toEqual(['unknown', [], null]);
  changed(0, 'down', [stopped]);
  expect(shown()).toEqual(['down', [stopped], at(0)]);
  now = begin + 3 * minuteMs;
  expect(shown()).toEqual(['down', [stopped], at(0)]);
  now += 1;
  expect(shown()).toEqual(['unknown', [], at(0)]);
});

test('goes on being known while it is looked at; an old observation changes nothing', () => {
  changed(0, 'degraded', [stopped]);
  now = begin + 5 * minuteMs;
  store.recordHealth({ serverId, health: 'degraded', checkedAt: at(4) });
  store.recordHealth({ serverId, health: 'ok', checkedAt: at(2) });
  for (const nonsense of [null, 'x', { serverId, health: 'fine', checkedAt: at(5) }, { serverId }]) {
    store.recordHealth(nonsense);
  }
  expect(shown()).toEqual(['degraded', [stopped], at(4)]);
  const [listed] = (
    JSON.parse(store.answers.ListServers({ active: 'all' })) as Queries['ListServers']['result']
  ).items;
  expect(listed).toEqual(server());
});

test('seen anew before its event has arrived is shown without the reasons of the one before', () => {
  changed(0, 'degraded', [stopped]);
  store.recordHealth({ serverId, health: 'ok', checkedAt: at(1) });
  expect(shown()).toEqual(['ok', [], at(1)]);
  changed(1, 'ok');
  expect(shown()).toEqual(['ok', [], at(1)]);
});

test('changes without the server counting as changed, tell who listens, and stand in the history', () => {
  const { updatedAt } = server();
  expect(changed(0, 'degraded', [stopped]).serverIds).toEqual([serverId]);
  happens({ type: 'ServerMended', data: { serverId, mended: [stopped, { code: 'x', detail: 'And more' }] } });
  changed(1, 'ok');
  expect(server().updatedAt).toBe(updatedAt);
  const filter: ListHistory['filter'] = { targetType: 'server', targetId: serverId };
  const { items } = JSON.parse(
    store.answers.ListHistory({ page: { number: 1, size: 3 }, filter }),
  ) as Queries['ListHistory']['result'];
  expect(items.map(({ summary, reason }) => [summary, reason])).toEqual([
    ['Server well', null],
    ['What differed on the server was put right', 'Container alfa-proxy has ended; And more'],
    ['Server serves its clients and needs attention', 'Container alfa-proxy has ended'],
  ]);
});

test('a server that is prepared again stays ready, also when that fails and it still stands', () => {
  happens({ type: 'ServerPreparationBegun', data: { serverId, operationId } });
  expect(server()).toMatchObject({ status: 'ready', operationId });
  const failure = { serverId, operationId, code: 'disk_full', reason: 'No space' };
  happens({ type: 'ServerPreparationFailed', data: { ...failure, staysReady: true } });
  expect(server()).toMatchObject({ status: 'ready', failure: null });
  happens({ type: 'ServerPreparationFailed', data: failure });
  expect(server()).toMatchObject({ status: 'failed', failure: { code: 'disk_full' } });
});
