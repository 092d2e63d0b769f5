import { expect, test } from '@jest/globals';
import { deriveId, type OperationView, reject } from '@alfa-cloud/contracts';
import {
  clientId,
  codesOf,
  gatewaysOfTest,
  operationId,
  operationView,
  rejecting,
  unknownId,
} from './support.ts';

const start = gatewaysOfTest();
const path = `/operations/${operationId}/retry`;

const failed: OperationView = {
  ...operationView,
  kind: 'clients.switch',
  target: { type: 'none', id: null },
  status: 'error',
  error: { code: 'children_failed', reason: '2 of 20 failed', step: 'waves' },
  parameters: { targetImage: 'alfa-client:1.5.0' },
  progress: {
    total: 20,
    done: 20,
    failed: 2,
    running: 0,
    skipped: [{ clientId: unknownId, code: 'image_in_use', reason: 'x' }],
    skippedTotal: 1,
    etaSeconds: null,
  },
};
/** Only the failed operation can be seen; the new one not yet. */
const queries = {
  GetOperation: async ({ id }: { id: string }) => {
    if (id !== operationId) throw reject('not_found', 'not yet');
    return { result: failed };
  },
};

test('a retry is a new operation that names the one it repeats', async () => {
  const gateway = await start({ queries });
  const reply = await gateway.send(path, { method: 'POST' });
  expect(reply.status).toBe(202);
  const [command] = gateway.commands.sent;
  expect(command?.name).toBe('RetryOperation');
  expect(command?.data).toEqual({ operationId });
  const id = deriveId(command?.id ?? '', 'operation');
  expect(reply.headers['content-location']).toBe(`/operations/${id}`);
  expect(reply.json.data).toMatchObject({
    type: 'operations',
    id,
    attributes: { kind: 'clients.switch', status: 'accepted', parameters: failed.parameters, progress: null },
    relationships: { retryOf: { data: { type: 'operations', id: operationId } }, target: { data: null } },
  });
});

test.each([
  ['operation_not_finished', 409],
  ['operation_not_retryable', 409],
  ['operation_in_progress', 409],
] as const)('a retry refused with %s', async (code, status) => {
  const gateway = await start({ queries, answer: rejecting({ code, detail: 'x' }) });
  const reply = await gateway.send(path, { method: 'POST' });
  expect([reply.status, ...codesOf(reply)]).toEqual([status, code]);
});

test('what can not be repeated, or not in this way', async () => {
  const gateway = await start({ queries });
  const absent = await gateway.send(`/operations/${unknownId}/retry`, { method: 'POST' });
  expect([absent.status, ...codesOf(absent)]).toEqual([404, 'not_found']);
  const read = await gateway.send(path);
  expect([read.status, read.headers['allow']]).toEqual([405, 'POST, OPTIONS']);
  const parameters = await gateway.send(`${path}?force=true`, { method: 'POST' });
  expect([parameters.status, ...codesOf(parameters)]).toEqual([400, 'unknown_parameter']);
  expect(gateway.commands.sent).toEqual([]);
});

test('an operation over many clients shows its progress and leads to its children', async () => {
  const gateway = await start({ queries });
  const reply = await gateway.send(`/operations/${operationId}`);
  expect(reply.json.data).toMatchObject({
    attributes: { progress: failed.progress, parameters: failed.parameters },
    relationships: { retryOf: { data: null }, parent: { data: null } },
    links: { children: `/operations?filter%5Bparent%5D=${operationId}` },
  });
  const child: OperationView = { ...operationView, parentId: operationId, retryOf: unknownId };
  const children = await start({
    queries: { ListOperations: async () => ({ result: { items: [child], total: 1 } }) },
  });
  const list = await children.send(`/operations?filter%5Bparent%5D=${operationId}&filter[status]=error`);
  expect(children.asked.at(-1)?.request).toMatchObject({
    filter: { parentId: operationId, status: 'error' },
  });
  expect(list.json.data).toMatchObject([
    {
      attributes: { progress: null },
      relationships: {
        target: { data: { id: clientId } },
        parent: { data: { id: operationId } },
        retryOf: { data: { id: unknownId } },
      },
    },
  ]);
  expect((list.json.data as { links: object }[])[0]?.links).not.toHaveProperty('children');
  const bad = await children.send('/operations?filter[parent]=x');
  expect(bad.json.errors).toMatchObject([
    { code: 'invalid_parameter', source: { parameter: 'filter[parent]' } },
  ]);
});
