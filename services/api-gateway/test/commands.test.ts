import { expect, test } from '@jest/globals';
import { type CommandReply, deriveId, type OperationView, reject, subjects } from '@alfa-cloud/contracts';
import {
  clientId,
  codesOf,
  gatewaysOfTest,
  newClient,
  newServer,
  operationId,
  operationView,
  serverView,
} from './support.ts';

const start = gatewaysOfTest();

const key = { 'idempotency-key': 'order 66' };

test('twenty identical creations with one key are one command and one answer', async () => {
  const gateway = await start();
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => gateway.send('/clients/create', { body: newClient(), headers: key })),
  );
  expect(gateway.commands.sent).toHaveLength(1);
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([202]));
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
});

test('members written in another order are the same request; another value is not', async () => {
  const first = new Map<string, CommandReply>();
  const gateway = await start({
    answer: (command) => {
      const reply: CommandReply = {
        outcome: 'accepted',
        fingerprint: command.fingerprint,
        ids: {},
        position: '1',
      };
      first.set(command.id, reply);
      return reply;
    },
  });
  const send = (attributes: Record<string, unknown>) =>
    gateway.send('/clients/create', { body: newClient(attributes), headers: key });
  expect((await send({ limits: { cpus: 1, pids: 100 } })).status).toBe(202);
  expect((await send({ limits: { pids: 100, cpus: 1 } })).status).toBe(202);
  const other = await send({ limits: { cpus: 1, pids: 101 } });
  expect([other.status, ...codesOf(other)]).toEqual([422, 'idempotency_key_reused']);
  expect(first.size).toBe(1);
});

test('without a key the same request twice is two commands', async () => {
  const gateway = await start();
  await gateway.send('/clients/create', { body: newClient() });
  await gateway.send('/clients/create', { body: newClient() });
  expect(new Set(gateway.commands.sent.map(({ id }) => id)).size).toBe(2);
});

test('no answer of the handler in time: 202 with the ids all the same', async () => {
  const gateway = await start({ answer: () => 'stored' });
  const client = await gateway.send('/clients/create', { body: newClient() });
  const server = await gateway.send('/servers/create', { body: newServer() });
  const [first, second] = gateway.commands.sent.map(({ id }) => id);
  expect([client.status, server.status]).toEqual([202, 202]);
  expect(client.json.data).toMatchObject({
    id: deriveId(first ?? '', 'client'),
    attributes: { status: 'creating' },
  });
  expect(server.json.data).toMatchObject({ id: deriveId(second ?? '', 'server') });
  expect(client.headers['content-location']).toBe(`/operations/${deriveId(first ?? '', 'operation')}`);
  expect(client.headers['alfa-position']).toBeUndefined();
});

test('queries see own commands and the position that the caller brings, and say when they are stale', async () => {
  const gateway = await start({
    queries: { ListServers: async () => ({ result: { items: [] }, stale: true }) },
  });
  const seen = async (headers: Record<string, string> = {}) => {
    await gateway.send('/clients', { headers });
    return gateway.asked.at(-1)?.minPosition;
  };
  expect(await seen()).toBeUndefined();
  expect(await seen({ 'alfa-position': '12' })).toBe('12');
  const created = await gateway.send('/clients/create', { body: newClient() });
  expect(created.headers['alfa-position']).toBe('4711');
  expect(await seen()).toBe('4711');
  expect(await seen({ 'alfa-position': '12' })).toBe('4711');
  expect(await seen({ 'alfa-position': '18446744073709551615' })).toBe('18446744073709551615');
  expect((await gateway.send('/servers')).json.meta).toMatchObject({ stale: true });
});

/** An operation that the test ends when it likes. */
const endable = () => {
  let view: OperationView = { ...operationView };
  return {
    end: (status: OperationView['status']) => (view = { ...view, status }),
    answer: (command: { fingerprint: string }): CommandReply => ({
      outcome: 'accepted',
      fingerprint: command.fingerprint,
      ids: { operationId },
      position: '5',
    }),
    queries: { GetOperation: async () => ({ result: view }) },
  };
};

test('Prefer: wait answers 200 with the finished operation', async () => {
  const operation = endable();
  const gateway = await start(operation);
  const waiting = gateway.send('/clients/create', { body: newClient(), headers: { prefer: 'wait=30' } });
  const looked = async (): Promise<void> => {
    while (!gateway.asked.some(({ name }) => name === 'GetOperation')) await new Promise(setImmediate);
  };
  await looked();
  operation.end('ok');
  gateway.feed.publish(subjects.operationChanged(operationId), {});
  const reply = await waiting;
  expect(reply.status).toBe(200);
  expect(reply.json.data).toMatchObject({
    type: 'operations',
    id: operationId,
    attributes: { status: 'ok' },
  });
  expect(reply.headers['preference-applied']).toBe('wait=30');
  expect(gateway.asked.at(-1)?.minPosition).toBe('5');
});

test('Prefer: wait that is over answers 202', async () => {
  const gateway = await start(endable());
  const reply = await gateway.send('/clients/create', { body: newClient(), headers: { prefer: 'wait=1' } });
  expect(reply.status).toBe(202);
  expect(reply.headers['preference-applied']).toBeUndefined();
});

test('a server waited for is answered as it is at the end', async () => {
  const operation = endable();
  operation.end('ok');
  const gateway = await start({
    ...operation,
    queries: { ...operation.queries, GetServer: async () => ({ result: serverView }) },
  });
  const reply = await gateway.send('/servers/create', { body: newServer(), headers: { prefer: 'wait=5' } });
  expect(reply.status).toBe(201);
  expect(reply.json.data).toMatchObject({ attributes: { status: 'ready' } });
});

test('an operation that is not known yet is waited for', async () => {
  let asked = 0;
  const operation = endable();
  const gateway = await start({
    ...operation,
    answer: () => 'stored',
    queries: {
      GetOperation: async () => {
        asked += 1;
        if (asked === 1) throw reject('not_found', 'not yet');
        return { result: { ...operationView, status: 'error' } };
      },
    },
  });
  const reply = await gateway.send('/clients/create', { body: newClient(), headers: { prefer: 'wait=30' } });
  expect([reply.status, asked]).toEqual([200, 2]);
});

test('stopping ends a wait at once', async () => {
  const gateway = await start(endable());
  const waiting = gateway.send(`/operations/${operationId}`, { headers: { prefer: 'wait=60' } });
  while (gateway.asked.length < 2) await new Promise(setImmediate);
  await gateway.gateway.stop();
  expect((await waiting).json.data).toMatchObject({ attributes: { status: 'running' } });
});

test('the target of a rejected command is none', async () => {
  const gateway = await start({
    queries: {
      GetOperation: async () => ({
        result: { ...operationView, kind: 'command.rejected', target: { type: 'none', id: null } },
      }),
    },
  });
  const reply = await gateway.send(`/operations/${operationId}`);
  expect(reply.json.data).toMatchObject({ relationships: { target: { data: null } } });
  expect(reply.text).not.toContain(clientId);
});
