import { expect, test } from '@jest/globals';
import { commandCatalogue, conforms } from '@alfa-cloud/contracts';
import {
  clientId,
  gatewaysOfTest,
  movePlan,
  operationId,
  operationView,
  serverId,
  unknownId,
} from './support.ts';

const start = gatewaysOfTest();
const target = `targetServer=${unknownId}`;

test.each(['GET', 'POST'])('%s move_to with one client sends a move of its own', async (method) => {
  const gateway = await start();
  const reply = await gateway.send(`/clients/move_to?clientId=${clientId}&${target}&holdHours=2`, { method });
  expect(reply.status).toBe(202);
  const [command] = gateway.commands.sent;
  expect(command?.name).toBe('MoveClient');
  expect(command?.data).toEqual({ clientId, targetServer: unknownId, holdHours: 2 });
  expect(conforms(commandCatalogue.MoveClient.data, command?.data)).toBe(true);
  expect(reply.json.data).toMatchObject({
    attributes: { kind: 'client.move', parameters: { targetServer: unknownId, holdHours: 2 } },
    relationships: { target: { data: { type: 'clients', id: clientId } } },
  });
});

test.each([
  [`clientId=${clientId},${serverId}`, { clientIds: [clientId, serverId] }],
  [`serverId=${serverId}&canary=0`, { serverId, canary: 0 }],
])('move_to with %s sends one move of many', async (query, data) => {
  const gateway = await start();
  const reply = await gateway.send(`/clients/move_to?${query}&${target}`, { method: 'POST' });
  const [command] = gateway.commands.sent;
  expect([reply.status, command?.name]).toEqual([202, 'MoveClients']);
  expect(command?.data).toEqual({ ...data, targetServer: unknownId });
  expect(conforms(commandCatalogue.MoveClients.data, command?.data)).toBe(true);
});

test('a dry run tells sizes and obstacles and sends nothing', async () => {
  const obstacles = [{ code: 'move_held', reason: 'x', operationId }];
  const gateway = await start({
    queries: { PlanMoves: async () => ({ result: { items: [{ ...movePlan, obstacles }], total: 1 } }) },
  });
  const reply = await gateway.send(`/clients/move_to?clientId=${clientId}&${target}&dryRun=true`);
  expect(reply.json.data).toMatchObject({
    type: 'move-plans',
    attributes: { targetServer: unknownId, clients: [{ ...movePlan, obstacles }], total: 1 },
  });
  expect(gateway.asked.at(-1)).toMatchObject({
    name: 'PlanMoves',
    request: { clientIds: [clientId], targetServer: unknownId },
  });
  expect(gateway.commands.sent).toEqual([]);
});

test.each([
  [target, 'clientId'],
  [`clientId=${clientId}`, 'targetServer'],
  [`clientId=one&${target}`, 'clientId'],
  [`clientId=${clientId},&${target}`, 'clientId'],
  [`clientId=${clientId}&${target}&holdHours=721`, 'holdHours'],
])('move_to?%s is refused', async (query, parameter) => {
  const gateway = await start();
  const reply = await gateway.send(`/clients/move_to?${query}`, { method: 'POST' });
  expect(reply.status).toBe(400);
  expect(reply.json.errors).toMatchObject([{ code: 'invalid_parameter', source: { parameter } }]);
});

const ofMove = async () => ({
  result: {
    ...operationView,
    kind: 'client.move' as const,
    target: { type: 'client' as const, id: clientId },
  },
});

test.each([
  ['undo', 'UndoMove', 'client.undo_move'],
  ['release', 'ReleaseMove', 'client.release_move'],
] as const)('%s sends %s about the client of the move', async (path, name, kind) => {
  const gateway = await start({ queries: { GetOperation: ofMove } });
  const reply = await gateway.send(`/operations/${operationId}/${path}`, { method: 'POST' });
  expect(reply.status).toBe(202);
  const [command] = gateway.commands.sent;
  expect([command?.name, command?.data]).toEqual([name, { clientId, moveId: operationId }]);
  expect(gateway.asked[0]).toMatchObject({ name: 'GetOperation', request: { id: operationId } });
  expect(kind).toMatch(/^client\./);
});

test('an operation that has moved nobody can not be undone', async () => {
  const gateway = await start();
  const reply = await gateway.send(`/operations/${operationId}/undo`, { method: 'POST' });
  expect([reply.status, reply.json.errors]).toMatchObject([409, [{ code: 'move_not_held' }]]);
  expect(gateway.commands.sent).toEqual([]);
});

test('what was written since a move is told in the language of who asks', async () => {
  const gateway = await start({
    queries: {
      GetOperation: async () => ({
        result: {
          ...operationView,
          status: 'ok',
          result: { writtenSince: { tables: [], reason: 'Nothing was entered since the move' } },
        },
      }),
    },
  });
  const { json } = await gateway.send(`/operations/${operationId}`, { headers: { 'accept-language': 'ru' } });
  expect(json.data).toMatchObject({
    attributes: { result: { writtenSince: { reason: 'После переезда ничего не внесено' } } },
  });
});
