import { expect, test } from '@jest/globals';
import { commandCatalogue, conforms, Id } from '@alfa-cloud/contracts';
import { clientId, codesOf, gatewaysOfTest, planView, rejecting, serverId } from './support.ts';

const start = gatewaysOfTest();
const otherId = '3d4e5f6a-7b8c-4d9e-8f0a-2b3c4d5e6f7a';

const actions = [
  [
    '/clients/switch_all?targetImage=alfa-client:1.5.0',
    'SwitchAllImages',
    'clients.switch',
    { targetImage: 'alfa-client:1.5.0' },
  ],
  ['/clients/migrate_all?', 'MigrateAllClients', 'clients.migrate', {}],
  ['/clients/deploy?force=true', 'DeployClients', 'clients.deploy', { force: true }],
] as const;

test.each(actions.flatMap((action) => [['GET', ...action] as const, ['POST', ...action] as const]))(
  '%s %s sends %s and answers 202 with its operation',
  async (method, path, name, kind, data) => {
    const gateway = await start();
    const reply = await gateway.send(path, { method });
    expect(reply.status).toBe(202);
    const [command] = gateway.commands.sent;
    expect(command?.name).toBe(name);
    expect(command?.data).toEqual(data);
    expect(conforms(commandCatalogue[name].data, command?.data)).toBe(true);
    expect(reply.json.data).toMatchObject({
      type: 'operations',
      attributes: { kind, status: 'accepted', parameters: data },
      relationships: { target: { data: null } },
      links: { children: expect.stringMatching(/^\/operations\?filter%5Bparent%5D=[0-9a-f-]{36}$/) },
    });
    expect(reply.headers['content-location']).toMatch(/^\/operations\//);
  },
);

const pace = `serverId=${serverId}&canary=0&waveSize=8&stopAfter=1`;
const paceData = { serverId, canary: 0, waveSize: 8, stopAfter: 1 };

test.each(actions)('%s takes a server and a pace', async (path, name, _kind, data) => {
  const gateway = await start();
  const reply = await gateway.send(`${path}&${pace}&dryRun=false`, { method: 'POST' });
  const [command] = gateway.commands.sent;
  expect(command?.data).toEqual({ ...data, ...paceData });
  expect(conforms(commandCatalogue[name].data, command?.data)).toBe(true);
  expect(reply.json.data).toMatchObject({
    relationships: { target: { data: { type: 'servers', id: serverId } } },
  });
});

test.each(actions)('%s takes clients by their ids, each once', async (path, name, kind, data) => {
  const gateway = await start();
  const named = `${path}&clientId=${clientId},${otherId},${clientId}`;
  const expected = { ...data, clientIds: [clientId, otherId] };
  expect((await gateway.send(named, { method: 'POST' })).status).toBe(202);
  const [command] = gateway.commands.sent;
  expect(command?.data).toEqual(expected);
  expect(conforms(commandCatalogue[name].data, command?.data)).toBe(true);
  await gateway.send(`${named}&dryRun=true`);
  expect(gateway.asked.at(-1)).toMatchObject({ name: 'PlanBulk', request: { kind, data: expected } });
});

test.each(actions)('%s with dryRun tells the plan and does nothing', async (path, _name, kind, data) => {
  const gateway = await start();
  for (const method of ['GET', 'POST']) {
    const reply = await gateway.send(`${path}&${pace}&dryRun=true`, { method });
    expect(reply.status).toBe(200);
    expect(reply.json.data).toEqual({
      type: 'bulk-plans',
      id: expect.any(String),
      attributes: { kind, ...planView },
    });
    expect(conforms(Id, (reply.json.data as { id: string }).id)).toBe(true);
    expect(gateway.asked.at(-1)).toMatchObject({
      name: 'PlanBulk',
      request: { kind, data: { ...data, ...paceData } },
    });
  }
  expect(gateway.commands.sent).toEqual([]);
});

test('what speaks against the whole is told by a dry run, too', async () => {
  const obstacles = [{ code: 'server_unknown', reason: 'There is no such server' }];
  const gateway = await start({
    queries: { PlanBulk: async () => ({ result: { ...planView, clients: [], obstacles } }) },
  });
  const reply = await gateway.send(`/clients/migrate_all?dryRun=true&serverId=${clientId}`);
  expect(reply.json.data).toMatchObject({ attributes: { clients: [], obstacles } });
});

test.each([
  ['/clients/switch_all', 'invalid_parameter', 'targetImage'],
  ['/clients/switch_all?targetImage=$(id)', 'invalid_parameter', 'targetImage'],
  ['/clients/migrate_all?targetImage=a', 'unknown_parameter', 'targetImage'],
  ['/clients/migrate_all?force=true', 'unknown_parameter', 'force'],
  ['/clients/deploy?force=1', 'invalid_parameter', 'force'],
  ['/clients/deploy?serverId=one', 'invalid_parameter', 'serverId'],
  ['/clients/deploy?clientId=one', 'invalid_parameter', 'clientId'],
  ['/clients/deploy?canary=-1', 'invalid_parameter', 'canary'],
  ['/clients/deploy?canary=1.5', 'invalid_parameter', 'canary'],
  ['/clients/deploy?waveSize=0', 'invalid_parameter', 'waveSize'],
  ['/clients/deploy?waveSize=65', 'invalid_parameter', 'waveSize'],
  ['/clients/deploy?stopAfter=0', 'invalid_parameter', 'stopAfter'],
  ['/clients/deploy?dryRun=maybe', 'invalid_parameter', 'dryRun'],
  ['/clients/deploy?dryRun=', 'invalid_parameter', 'dryRun'],
  ['/clients/deploy?dryRun=true&dryRun=false', 'repeated_parameter', 'dryRun'],
  ['/clients/deploy?clientIds=x', 'unknown_parameter', 'clientIds'],
])('%s is refused', async (path, code, parameter) => {
  const gateway = await start();
  const reply = await gateway.send(path, { method: 'POST' });
  expect(reply.status).toBe(400);
  expect(reply.json.errors).toMatchObject([{ code, source: { parameter } }]);
  expect(gateway.commands.sent).toEqual([]);
});

test('a refusal of the handler keeps its code and its parameter', async () => {
  const fault = { code: 'server_unknown', detail: 'x', parameter: 'serverId' } as const;
  const gateway = await start({ answer: rejecting(fault) });
  const reply = await gateway.send(`/clients/deploy?serverId=${clientId}`, { method: 'POST' });
  expect([reply.status, ...codesOf(reply)]).toEqual([422, 'server_unknown']);
  expect(reply.json.errors).toMatchObject([{ source: { parameter: 'serverId' } }]);
});

test('none is begun by HEAD, nor in advance', async () => {
  const gateway = await start();
  for (const [path] of actions) {
    expect((await gateway.send(path, { method: 'HEAD' })).status).toBe(405);
    const headers = { 'sec-purpose': 'prefetch' };
    expect((await gateway.send(path, { headers })).status).toBe(403);
  }
  expect(gateway.commands.sent).toEqual([]);
});
