import { expect, test } from '@jest/globals';
import type { CommandReply } from '@alfa-cloud/contracts';
import { codesOf, gatewaysOfTest, operationId, serverId, serverView } from './support.ts';

const start = gatewaysOfTest();

const accepted =
  (ids: Record<string, string>) =>
  ({ fingerprint }: { fingerprint: string }): CommandReply => ({
    outcome: 'accepted',
    fingerprint,
    ids: { serverId, ...ids },
    position: '4711',
  });
const changes = (attributes: Record<string, unknown>, id = serverId) => ({
  data: { type: 'servers', id, attributes },
});
const path = `/servers/${serverId}`;

test.each(['PUT', 'PATCH'])(
  '%s: the server as changed, and no operation where none is needed',
  async (method) => {
    const gateway = await start({
      answer: accepted({}),
      queries: { GetServer: async () => ({ result: { ...serverView, name: 'other' } }) },
    });
    const reply = await gateway.send(path, { method, body: changes({ name: ' other ', active: false }) });
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({
      data: { type: 'servers', id: serverId, attributes: { name: 'other' } },
    });
    expect(reply.json.meta ?? {}).not.toHaveProperty('operationId');
    expect(gateway.commands.sent).toMatchObject([
      { name: 'ChangeServer', data: { serverId, name: 'other', active: false } },
    ]);
    expect(gateway.asked.at(-1)).toMatchObject({ name: 'GetServer', minPosition: '4711' });
  },
);

test('a change that prepares the server again names the operation', async () => {
  const gateway = await start({ answer: accepted({ operationId }) });
  const reply = await gateway.send(path, { method: 'PATCH', body: changes({ proxy: { httpPort: 81 } }) });
  expect([reply.status, reply.headers['content-location']]).toEqual([200, path]);
  expect(reply.json.meta).toMatchObject({ operationId, applies: 'The server is prepared again' });
});

test('key material of a changed connection is sealed, also where it is refused afterwards', async () => {
  const gateway = await start({ answer: accepted({}) });
  const connection = { kind: 'ssh', host: 'h', username: 'alfa', privateKey: 'CANARY' };
  await gateway.send(path, { method: 'PATCH', body: changes({ connection }) });
  expect(JSON.stringify(gateway.commands.sent)).not.toContain('CANARY');
  expect(gateway.commands.sent).toHaveLength(1);
});

test.each([
  ['an unknown attribute', changes({ status: 'ready' }), 422, 'unknown_attribute'],
  ['a value of the wrong kind', changes({ active: 'yes' }), 422, 'validation_failed'],
  ['another id', changes({ name: 'x' }, operationId), 409, 'id_not_accepted'],
])('%s is refused', async (_what, body, status, code) => {
  const gateway = await start();
  const reply = await gateway.send(path, { method: 'PATCH', body });
  expect([reply.status, ...codesOf(reply)]).toEqual([status, code]);
  expect(gateway.commands.sent).toEqual([]);
});

test('DELETE: 204 with the position, so that whoever looks next finds it gone', async () => {
  const gateway = await start({ answer: accepted({}) });
  const reply = await gateway.send(path, { method: 'DELETE' });
  expect([reply.status, reply.text, reply.headers['alfa-position']]).toEqual([204, '', '4711']);
  expect(gateway.commands.sent).toMatchObject([{ name: 'RemoveServer', data: { serverId } }]);
});

test('DELETE while clients live there: 409; removed before: 410', async () => {
  for (const [code, status] of [
    ['server_has_clients', 409],
    ['gone', 410],
  ] as const) {
    const gateway = await start({
      answer: ({ fingerprint }) => ({
        outcome: 'rejected',
        fingerprint,
        faults: [{ code, detail: 'in words', meta: { clients: 2 } }],
      }),
    });
    const reply = await gateway.send(path, { method: 'DELETE' });
    expect([reply.status, ...codesOf(reply)]).toEqual([status, code]);
  }
});
