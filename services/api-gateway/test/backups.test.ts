import { expect, test } from '@jest/globals';
import { commandCatalogue, conforms, deriveId } from '@alfa-cloud/contracts';
import {
  backupView,
  clientId,
  codesOf,
  gatewaysOfTest,
  operationId,
  rejecting,
  serverId,
  unknownId,
} from './support.ts';

const start = gatewaysOfTest();
const path = `/clients/${clientId}/backups`;
const restorePath = `/clients/${clientId}/restore`;
const backupId = deriveId('test', 'backup');
const restoration = (attributes: unknown) => ({ data: { type: 'restorations', attributes } });

test('backups come in pages, newest first', async () => {
  const gateway = await start();
  const reply = await gateway.send(`${path}?page[size]=10`);
  expect(reply.status).toBe(200);
  expect(gateway.asked.at(-1)?.request).toEqual({
    clientId,
    include: 'present',
    page: { number: 1, size: 10 },
  });
  const { id, clientId: _client, serverId: _server, operationId: _operation, ...attributes } = backupView;
  expect(reply.json.data).toMatchObject([
    {
      type: 'backups',
      id,
      attributes,
      relationships: {
        client: { data: { type: 'clients', id: clientId } },
        server: { data: { type: 'servers', id: serverId } },
        operation: { data: { type: 'operations', id: operationId } },
      },
    },
  ]);
  expect(reply.json.meta).toEqual({ total: 1 });
  await gateway.send(`${path}?filter[present]=all`);
  expect(gateway.asked.at(-1)?.request).toMatchObject({ include: 'all' });
});

test.each([
  [`${path}?filter[present]=false`, 400, 'invalid_parameter'],
  [`${path}?page[size]=101`, 400, 'invalid_parameter'],
  [`${path}?sort=createdAt`, 400, 'unknown_parameter'],
  [`/clients/${unknownId}/backups`, 404, 'not_found'],
])('%s is refused', async (where, status, code) => {
  const reply = await (await start()).send(where);
  expect([reply.status, ...codesOf(reply)]).toEqual([status, code]);
});

test('POST makes a backup', async () => {
  const gateway = await start();
  const reply = await gateway.send(path, { method: 'POST' });
  expect(reply.status).toBe(202);
  const [command] = gateway.commands.sent;
  expect(command?.name).toBe('BackUpClient');
  expect(command?.data).toEqual({ clientId, kind: 'manual' });
  expect(reply.json.data).toMatchObject({ type: 'operations', attributes: { kind: 'client.back_up' } });
  expect(reply.headers['content-location']).toBe(`/operations/${deriveId(command?.id ?? '', 'operation')}`);
  const head = await gateway.send(path, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(gateway.commands.sent).toHaveLength(1);
});

test.each([
  { backupId, confirm: true },
  { backupId, confirm: true, withoutBackup: true },
])('a backup is put back: %j', async (attributes) => {
  const gateway = await start();
  const reply = await gateway.send(restorePath, { body: restoration(attributes) });
  expect(reply.status).toBe(202);
  const [command] = gateway.commands.sent;
  expect(command).toMatchObject({ name: 'RestoreClient', data: { clientId, ...attributes } });
  expect(conforms(commandCatalogue.RestoreClient.data, command?.data)).toBe(true);
  expect(reply.json.data).toMatchObject({
    attributes: { kind: 'client.restore', parameters: attributes },
  });
});

test.each<[string, unknown, number, string, string]>([
  ['no backup', restoration({ confirm: true }), 422, 'required', '/data/attributes/backupId'],
  [
    'a backup that is no id',
    restoration({ backupId: '../1' }),
    422,
    'validation_failed',
    '/data/attributes/backupId',
  ],
  [
    'a confirmation that is none',
    restoration({ backupId, confirm: 'yes' }),
    422,
    'validation_failed',
    '/data/attributes/confirm',
  ],
  [
    'another attribute',
    restoration({ backupId, tables: [] }),
    422,
    'unknown_attribute',
    '/data/attributes/tables',
  ],
  [
    'another type',
    { data: { type: 'backups', attributes: { backupId } } },
    409,
    'type_not_accepted',
    '/data/type',
  ],
  ['nothing', undefined, 400, 'malformed_document', ''],
])('a restoration with %s is refused', async (_what, body, status, code, pointer) => {
  const gateway = await start();
  const reply = await gateway.send(restorePath, { method: 'POST', body });
  expect([reply.status, ...codesOf(reply)]).toEqual([status, code]);
  expect(reply.json.errors).toMatchObject([{ source: { pointer } }]);
  expect(gateway.commands.sent).toEqual([]);
});

test.each([
  ['confirmation_required', '/data/attributes/confirm', 422],
  ['backup_unknown', '/data/attributes/backupId', 422],
] as const)('a restoration refused by its handler with %s', async (code, pointer, status) => {
  const gateway = await start({ answer: rejecting({ code, detail: 'x', pointer }) });
  const reply = await gateway.send(restorePath, { body: restoration({ backupId }) });
  expect(reply.status).toBe(status);
  expect(reply.json.errors).toMatchObject([{ code, source: { pointer } }]);
});
