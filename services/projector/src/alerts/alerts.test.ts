import type { ControlPlaneEvent, Queries, ServerEvent } from '@alfa-cloud/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openStore, type Store } from '../read-models/store.ts';
import { recorded, type PlacedEvent } from '../testing/recorded.ts';
import { serverIdOf, serverStory } from '../testing/stories.ts';

const [one, other] = [serverIdOf('one'), serverIdOf('other')];
const since = '2026-06-01T12:00:00.000Z';
const idOf = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;

let store: Store;
let told: PlacedEvent[];

beforeEach(() => {
  store = openStore(':memory:', () => new Date(), { fresh: false });
  told = [];
  tell(...serverStory('one'), ...serverStory('other'));
});
afterEach(() => store.close());

const tell = (...events: PlacedEvent[]) => {
  const before = told.length;
  told.push(...events);
  return store.apply(recorded(told).slice(before), new Map());
};
const happens = (serverId: string, event: ServerEvent) => tell({ stream: `server-${serverId}`, event });
const raised = (serverId: string, number: number, code: 'disk' | 'memory' = 'disk') =>
  happens(serverId, {
    type: 'ServerAlertRaised',
    data: {
      serverId,
      alertId: idOf(number),
      code,
      about: '/srv',
      since,
      reason: '/srv: 97.0 % are used, 1.0 GiB are free',
      message: { template: '{}: {} % are used, {} GiB are free', values: ['/srv', '97.0', '1.0'] },
    },
  });
const cleared = (serverId: string, number: number) =>
  happens(serverId, {
    type: 'ServerAlertCleared',
    data: { serverId, alertId: idOf(number), code: 'disk', about: '/srv' },
  });
const list = (state: 'open' | 'past' | 'all', filter: Queries['ListAlerts']['request']['filter'] = {}) => {
  const page = { number: 1, size: 100 };
  return JSON.parse(store.answers.ListAlerts({ page, state, filter })) as Queries['ListAlerts']['result'];
};
const numbers = (...asked: Parameters<typeof list>) =>
  list(...asked).items.map(({ id }) => Number(id.slice(-1)));
const alertsOf = (id: string) =>
  (JSON.parse(store.answers.GetServer({ id })) as Queries['GetServer']['result']).alerts;

test('one that is raised stands with its server and in the list, until it is cleared', () => {
  expect(raised(one, 1)).toMatchObject({ serverIds: [one], alertsChanged: true });
  const [alert] = alertsOf(one);
  expect(alert).toMatchObject({
    id: idOf(1),
    serverId: one,
    code: 'disk',
    about: '/srv',
    since,
    clearedAt: null,
  });
  expect(list('open').items).toEqual([alert]);
  expect([...store.openAlerts()]).toEqual([['disk', 1]]);
  cleared(one, 1);
  expect(alertsOf(one)).toEqual([]);
  expect(list('open')).toEqual({ items: [], total: 0 });
  expect(list('past').items).toEqual([{ ...alert, clearedAt: expect.any(String) }]);
  expect([...store.openAlerts()]).toEqual([]);
});

test('they are found by state, server and code, newest first', () => {
  raised(one, 1);
  raised(one, 2, 'memory');
  cleared(one, 1);
  raised(other, 3);
  expect(numbers('all')).toEqual([3, 2, 1]);
  expect(numbers('open')).toEqual([3, 2]);
  expect(numbers('all', { serverId: one })).toEqual([2, 1]);
  expect(numbers('all', { code: 'disk' })).toEqual([3, 1]);
  expect(numbers('past', { serverId: other })).toEqual([]);
});

test('those of a server that is removed are over', () => {
  raised(one, 1);
  raised(other, 2);
  happens(one, { type: 'ServerRemoved', data: { serverId: one } });
  expect(numbers('open')).toEqual([2]);
  expect(numbers('past')).toEqual([1]);
});

test('those about Alfa Cloud itself have no server, and all stand in the history', () => {
  const alert = { alertId: idOf(1), code: 'all_unreachable', about: null } as const;
  const event: ControlPlaneEvent = {
    type: 'ControlPlaneAlertRaised',
    data: { ...alert, since, reason: 'None of 3 servers answers' },
  };
  tell({ stream: 'control-plane', event });
  tell({ stream: 'control-plane', event: { type: 'ControlPlaneAlertCleared', data: alert } });
  raised(one, 2);
  expect(list('all').items.map(({ serverId, code }) => [serverId, code])).toEqual([
    [one, 'disk'],
    [null, 'all_unreachable'],
  ]);
  const history = JSON.parse(
    store.answers.ListHistory({ page: { number: 1, size: 3 }, filter: {} }),
  ) as Queries['ListHistory']['result'];
  expect(history.items.map(({ summary, reason, target }) => [summary, reason, target.type])).toEqual([
    ['Alert: Disk almost full (/srv)', '/srv: 97.0 % are used, 1.0 GiB are free', 'server'],
    ['Alert over: No server answers: look at Alfa Cloud itself and its network', null, 'none'],
    [
      'Alert: No server answers: look at Alfa Cloud itself and its network',
      'None of 3 servers answers',
      'none',
    ],
  ]);
});
