import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deriveId, type HistoryEntry, reject } from '@alfa-cloud/contracts';
import {
  clientId,
  codesOf,
  now,
  operationId,
  type RunningGateway,
  serverId,
  startGateway,
  unknownId,
} from './support.ts';

const entry: HistoryEntry = {
  id: deriveId('test', 'entry'),
  at: now,
  actor: 'admin',
  kind: 'ClientExpireDateChanged',
  target: { type: 'client', id: clientId },
  summary: 'Last day of use: 2027-01-31 → 2028-01-31',
  reason: 'paid',
  operationId,
  correlationId: 'request-1',
  commandId: deriveId('test', 'command'),
};

let gateway: RunningGateway;
beforeAll(async () => {
  const known = (id: string | undefined) => {
    if (id === unknownId) throw reject('not_found', 'There is no such client or server');
  };
  gateway = await startGateway({
    queries: {
      ListHistory: async ({ filter }) => {
        known(filter.targetId);
        return { result: { items: [entry], total: 30 } };
      },
      ListExpireDateChanges: async ({ clientId: id }) => {
        known(id);
        const change = { from: '2027-01-31', to: '2028-01-31', reason: 'paid', actor: 'admin', at: now };
        return { result: { items: [{ id: entry.id, ...change }], total: 2 }, stale: true };
      },
    },
  });
});
afterAll(() => gateway.stop());

test.each([
  [`/clients/${clientId}/history`, { targetType: 'client', targetId: clientId }],
  [`/servers/${serverId}/history`, { targetType: 'server', targetId: serverId }],
  ['/history', {}],
])('%s is the audit trail in pages', async (path, filter) => {
  const reply = await gateway.send(`${path}?page[number]=2&page[size]=10`);
  expect(reply.status).toBe(200);
  expect(gateway.asked.at(-1)?.request).toEqual({ page: { number: 2, size: 10 }, filter });
  const { id, target: _target, operationId: _operationId, ...attributes } = entry;
  expect(reply.json.data).toEqual([
    {
      type: 'history-entries',
      id,
      attributes,
      relationships: {
        target: {
          data: { type: 'clients', id: clientId },
          links: { related: `/clients/${clientId}` },
        },
        operation: {
          data: { type: 'operations', id: operationId },
          links: { related: `/operations/${operationId}` },
        },
      },
    },
  ]);
  expect(reply.json.meta).toEqual({ total: 30 });
  expect(reply.json.links).toMatchObject({ next: `${path}?page%5Bnumber%5D=3&page%5Bsize%5D=10` });
});

test('the audit trail is filtered by who, what and when; moments are told in UTC', async () => {
  const filters = [
    'filter[actor]=admin',
    'filter[kind]=ClientRebooted',
    `filter[operation]=${operationId}`,
    'filter[from]=2026-11-22T21:00:00%2B03:00',
    'filter[to]=2026-11-23T00:00:00Z',
  ];
  const reply = await gateway.send(`/history?${filters.join('&')}`);
  expect(reply.status).toBe(200);
  expect(gateway.asked.at(-1)?.request).toMatchObject({
    page: { number: 1, size: 25 },
    filter: {
      actor: 'admin',
      kind: 'ClientRebooted',
      operationId,
      from: '2026-11-22T18:00:00.000Z',
      to: '2026-11-23T00:00:00.000Z',
    },
  });
});

test.each([
  ['filter[kind]=client.switch', { filter: { kind: 'client.switch' } }],
  [
    'filter[kind]=ClientRebooted&filter[events]=operations',
    { filter: { kind: 'ClientRebooted' }, events: 'operations' },
  ],
  ['filter[events]=all', { events: 'all' }],
])('/history?%s asks the read models for just that', async (query, asked) => {
  expect((await gateway.send(`/history?${query}`)).status).toBe(200);
  expect(gateway.asked.at(-1)?.request).toMatchObject(asked);
});

test.each([
  'filter[kind]=client',
  'filter[operation]=1',
  'filter[kind]=__proto__',
  'filter[from]=yesterday',
  'filter[from]=2026-11-22',
  'filter[from]=2016-12-31T23:59:60Z',
  'filter[to]=2026-02-30T00:00:00Z',
  'filter[actor]=',
  'filter[actor]=a%00',
  'page[size]=101',
])('/history?%s is refused', async (query) => {
  const reply = await gateway.send(`/history?${query}`);
  expect([reply.status, ...codesOf(reply)]).toEqual([400, 'invalid_parameter']);
});

test('what was done with no client and no server in particular has no target', async () => {
  const bulk = await startGateway({
    queries: {
      ListHistory: async () => ({
        result: { items: [{ ...entry, target: { type: 'none', id: null } }], total: 1 },
      }),
    },
  });
  const reply = await bulk.send('/history');
  await bulk.stop();
  expect(reply.json.data).toMatchObject([{ relationships: { target: { data: null } } }]);
});

test('changes of the expiry date come in pages, newest first', async () => {
  const reply = await gateway.send(`/clients/${clientId}/expire_dates_history?page[size]=1`);
  expect(reply.status).toBe(200);
  expect(gateway.asked.at(-1)?.request).toEqual({ clientId, page: { number: 1, size: 1 } });
  expect(reply.json.data).toMatchObject([
    {
      type: 'expire-date-changes',
      attributes: { from: '2027-01-31', to: '2028-01-31', reason: 'paid', actor: 'admin', at: now },
      relationships: { client: { data: { type: 'clients', id: clientId } } },
    },
  ]);
  expect(reply.json.meta).toEqual({ total: 2, stale: true });
});

test.each([
  `/clients/${unknownId}/history`,
  `/servers/${unknownId}/history`,
  `/clients/${unknownId}/expire_dates_history`,
  '/clients/x/history',
])('%s is not found', async (path) => {
  const reply = await gateway.send(path);
  expect([reply.status, ...codesOf(reply)]).toEqual([404, 'not_found']);
});
