import { expect, test } from '@jest/globals';
import { deriveId, reject } from '@alfa-cloud/contracts';
import {
  clientId,
  codesOf,
  gatewaysOfTest,
  operationView,
  rejecting,
  settingsView,
  type startGateway,
  unknownId,
} from './support.ts';

const start = gatewaysOfTest();
const path = `/clients/${clientId}/settings`;
const change = (attributes: unknown, more: Record<string, unknown> = {}) => ({
  data: { type: 'cloud-settings', attributes, ...more },
});
type Queries = NonNullable<NonNullable<Parameters<typeof startGateway>[0]>['queries']>;
const ending = (status: 'ok' | 'error'): Queries => ({
  GetOperation: async ({ id }) => ({
    result: { ...operationView, id, kind: 'client.apply_settings', status },
  }),
});

test('settings are told as they stand in the database', async () => {
  const settings = { ...settingsView, maintenance: true, drift: ['maintenance'] };
  const gateway = await start({ queries: { GetCloudSettings: async () => ({ result: settings }) } });
  const reply = await gateway.send(path);
  expect(reply.status).toBe(200);
  expect(reply.json.data).toMatchObject({
    type: 'cloud-settings',
    id: clientId,
    attributes: settings,
    links: { self: path },
  });
});

test('settings that can not be asked are told as such', async () => {
  const away = await start({
    queries: {
      GetCloudSettings: async () => {
        throw reject('server_unreachable', 'The database does not answer');
      },
    },
  });
  const reply = await away.send(path);
  expect([reply.status, reply.headers['retry-after'], ...codesOf(reply)]).toEqual([
    503,
    '5',
    'server_unreachable',
  ]);
  const absent = await (await start()).send(`/clients/${unknownId}/settings`);
  expect([absent.status, ...codesOf(absent)]).toEqual([404, 'not_found']);
});

test.each(['PUT', 'PATCH'])('%s answers the settings once they stand in the database', async (method) => {
  const gateway = await start({ queries: ending('ok') });
  const reply = await gateway.send(path, {
    method,
    body: change({ quickStart: false, tutorial: true }, { id: clientId }),
  });
  expect(reply.status).toBe(200);
  const [command] = gateway.commands.sent;
  expect(command).toMatchObject({
    name: 'ChangeCloudSettings',
    data: { clientId, quickStart: false, tutorial: true },
  });
  expect(reply.json.data).toMatchObject({ type: 'cloud-settings', id: clientId });
  expect(reply.json.meta).toEqual({ operationId: deriveId(command?.id ?? '', 'operation') });
  expect(reply.headers).toMatchObject({ 'alfa-position': '4711', 'content-location': path });
  expect(gateway.asked.map(({ name }) => name)).toEqual(['GetOperation', 'GetCloudSettings']);
});

test('while they do not stand there the change is 202 with its operation', async () => {
  const body = change({ quickStart: false });
  const failed = await start({ queries: ending('error') });
  const late = await failed.send(path, { method: 'PATCH', body, headers: { prefer: 'wait=1' } });
  expect(late.status).toBe(202);
  expect(late.json.data).toMatchObject({ type: 'operations', attributes: { status: 'error' } });
  expect(late.headers['content-location']).toMatch(/^\/operations\//);
  const unread = await start({
    queries: {
      ...ending('ok'),
      GetCloudSettings: async () => {
        throw reject('server_unreachable', 'x');
      },
    },
  });
  expect((await unread.send(path, { method: 'PATCH', body })).status).toBe(202);
  const stored = await start({ answer: () => 'stored' });
  const taken = await stored.send(path, { method: 'PATCH', body, headers: { prefer: 'wait=1' } });
  expect(taken.status).toBe(202);
  expect(taken.json.data).toMatchObject({
    attributes: { kind: 'client.apply_settings', status: 'accepted' },
  });
});

test('a change of nothing that is new answers at once', async () => {
  const gateway = await start({
    answer: ({ fingerprint }) => ({
      outcome: 'accepted',
      fingerprint,
      ids: { clientId },
      position: '4711',
    }),
  });
  const reply = await gateway.send(path, { method: 'PATCH', body: change({ tutorial: true }) });
  expect([reply.status, reply.json.meta]).toEqual([200, undefined]);
});

test.each<[unknown, string, string, string]>([
  [change({ maintenance: true }), 'set_elsewhere', '/data/attributes/maintenance', 'maintain_enable'],
  [
    change({ maintenanceMessage: 'x' }),
    'set_elsewhere',
    '/data/attributes/maintenanceMessage',
    'maintain_enable',
  ],
  [change({ expiresAt: null }), 'set_elsewhere', '/data/attributes/expiresAt', '/clients/{id}/expire_date'],
  [change({ updatedAt: 'x' }), 'unknown_attribute', '/data/attributes/updatedAt', 'not known'],
  [change({ quickStart: 'no' }), 'validation_failed', '/data/attributes/quickStart', 'boolean'],
  [change({ tutorial: null }), 'validation_failed', '/data/attributes/tutorial', 'boolean'],
])('settings %j are refused with their place', async (body, code, pointer, words) => {
  const gateway = await start();
  const reply = await gateway.send(path, { method: 'PATCH', body });
  expect(reply.status).toBe(422);
  expect(reply.json.errors).toMatchObject([
    { code, source: { pointer }, detail: expect.stringContaining(words) },
  ]);
  expect(gateway.commands.sent).toEqual([]);
});

test('a change of nothing begins nothing: the settings as they are', async () => {
  const gateway = await start();
  const reply = await gateway.send(path, { method: 'PATCH', body: change({}) });
  expect([reply.status, reply.headers['alfa-position']]).toEqual([200, undefined]);
  expect(reply.json.data).toMatchObject({ type: 'cloud-settings', attributes: settingsView });
  expect(gateway.commands.sent).toEqual([]);
});

test('settings of another, of another type, or of a client that is gone', async () => {
  const gateway = await start({ answer: rejecting({ code: 'gone', detail: 'x' }) });
  const send = (body: unknown) => gateway.send(path, { method: 'PUT', body });
  expect(codesOf(await send(change({}, { id: unknownId })))).toEqual(['id_not_accepted']);
  expect(codesOf(await send({ data: { type: 'clients', attributes: {} } }))).toEqual(['type_not_accepted']);
  const gone = await send(change({ tutorial: false }));
  expect([gone.status, ...codesOf(gone)]).toEqual([410, 'gone']);
});
