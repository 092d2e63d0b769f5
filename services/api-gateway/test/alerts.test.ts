import { afterEach, expect, test } from '@jest/globals';
import type { AlertView } from '@alfa-cloud/contracts';
import {
  codesOf,
  now,
  operationId,
  type RunningGateway,
  serverId,
  serverView,
  startGateway,
} from './support.ts';

const alert: AlertView = {
  id: operationId,
  serverId,
  code: 'disk',
  about: '/srv',
  reason: '/srv: 97.0 % are used, 1.0 GiB are free',
  message: { template: '{}: {} % are used, {} GiB are free', values: ['/srv', '97.0', '1.0'] },
  since: now,
  raisedAt: now,
  clearedAt: null,
};
const own: AlertView = {
  id: operationId,
  serverId: null,
  code: 'all_unreachable',
  about: null,
  reason: 'x',
  since: now,
  raisedAt: now,
  clearedAt: now,
};

let gateway: RunningGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});
const start = async (): Promise<RunningGateway> => {
  gateway = await startGateway({
    queries: {
      ListAlerts: async () => ({ result: { items: [alert, own], total: 60 } }),
      GetServer: async () => ({ result: { ...serverView, alerts: [alert] } }),
    },
  });
  return gateway;
};

test('alerts are listed in the language of the reader; by default those that are raised', async () => {
  const { send, asked } = await start();
  const { json } = await send('/alerts', { headers: { 'accept-language': 'ru' } });
  expect(asked.find(({ name }) => name === 'ListAlerts')?.request).toEqual({
    page: { number: 1, size: 25 },
    state: 'open',
    filter: {},
  });
  expect(json).toMatchObject({
    data: [
      {
        type: 'alerts',
        id: operationId,
        attributes: {
          code: 'disk',
          title: 'Диск почти заполнен',
          about: '/srv',
          detail: '/srv: занято 97.0 %, свободно 1.0 ГиБ',
          since: now,
          raisedAt: now,
          clearedAt: null,
        },
        relationships: { server: { data: { type: 'servers', id: serverId } } },
      },
      { attributes: { code: 'all_unreachable' }, relationships: { server: { data: null } } },
    ],
    meta: { total: 60 },
  });
  expect(JSON.stringify(json.links)).toContain('/alerts?page%5Bnumber%5D=3');
});

test('they are asked for by state, server and code', async () => {
  const { send, asked } = await start();
  await send(`/alerts?filter[state]=all&filter[server]=${serverId}&filter[code]=memory&page[size]=5`);
  expect(asked.find(({ name }) => name === 'ListAlerts')?.request).toEqual({
    page: { number: 1, size: 5 },
    state: 'all',
    filter: { serverId, code: 'memory' },
  });
  for (const query of ['filter[state]=raised', 'filter[code]=fire', 'filter[server]=x']) {
    const reply = await send(`/alerts?${query}`);
    expect([reply.status, ...codesOf(reply)]).toEqual([400, 'invalid_parameter']);
  }
});

test('a server shows those that are raised', async () => {
  const { send } = await start();
  const { json } = await send(`/servers/${serverId}`);
  expect(json.data).toMatchObject({
    attributes: {
      alerts: [
        {
          id: operationId,
          code: 'disk',
          title: 'Disk almost full',
          about: '/srv',
          detail: '/srv: 97.0 % are used, 1.0 GiB are free',
          since: now,
          raisedAt: now,
        },
      ],
    },
  });
});
