import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deriveId, reject } from '@alfa-cloud/contracts';
import {
  clientId,
  clientView,
  codesOf,
  newClient,
  now,
  newServer,
  operationId,
  type RunningGateway,
  serverId,
  serverView,
  startGateway,
  unknownId,
} from './support.ts';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

test('a server is created: 201 with its address, its operation and the position', async () => {
  const reply = await gateway.send('/servers/create', { body: newServer() });
  expect(reply.status).toBe(201);
  const command = gateway.commands.sent.at(-1);
  const id = deriveId(command?.id ?? '', 'server');
  expect(reply.json.data).toMatchObject({
    type: 'servers',
    id,
    attributes: { name: 'cloud-1', role: 'production', status: 'preparing', capacity: { clients: 100 } },
  });
  expect(reply.json.meta).toEqual({ operationId: deriveId(command?.id ?? '', 'operation') });
  expect(reply.headers).toMatchObject({
    location: `/servers/${id}`,
    'alfa-position': '4711',
    'content-type': 'application/vnd.api+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(command).toMatchObject({ name: 'RegisterServer', actor: 'admin', data: { serverId: id } });
});

test('key material of a server goes out sealed and never comes back', async () => {
  const connection = {
    kind: 'ssh',
    host: '10.0.0.5',
    username: 'root',
    privateKey: 'CANARY-private-key',
    passphrase: 'CANARY-passphrase',
  };
  const reply = await gateway.send('/servers/create', { body: newServer({ connection }) });
  expect(reply.status).toBe(201);
  expect(reply.text).not.toContain('CANARY');
  expect(JSON.stringify(gateway.commands.sent)).not.toContain('CANARY');
  expect(JSON.stringify(gateway.lines)).not.toContain('CANARY');
  expect(gateway.commands.sent.at(-1)?.data).toMatchObject({ connection: { kind: 'ssh', host: '10.0.0.5' } });
});

test('a client is created: 202 with its id at once', async () => {
  const body = newClient({ ownerPassword: 'CANARY-password', limits: { cpus: 2 } });
  const reply = await gateway.send('/clients/create', { body });
  expect(reply.status).toBe(202);
  const command = gateway.commands.sent.at(-1);
  const id = deriveId(command?.id ?? '', 'client');
  const operation = deriveId(command?.id ?? '', 'operation');
  expect(reply.json.data).toMatchObject({
    type: 'clients',
    id,
    attributes: {
      slug: 'lab-one',
      status: 'creating',
      ownerLogin: 'one@lab.test',
      limits: { memoryMb: 512, cpus: 2, pids: 256 },
    },
    relationships: { server: { data: { type: 'servers', id: serverId } } },
    links: { createLog: `/clients/${id}/create_log` },
  });
  expect(reply.headers['content-location']).toBe(`/operations/${operation}`);
  expect(reply.text).not.toContain('CANARY');
  const sent = JSON.stringify(command);
  for (const secret of ['CANARY', 'Лаборатория', 'one@lab.test']) expect(sent).not.toContain(secret);
});

test('all faults of a body are told at once, each with its place', async () => {
  const reply = await gateway.send('/clients/create', {
    body: {
      data: {
        type: 'clients',
        attributes: { name: 5, slug: '../etc', email: 'x', expireDate: '2027-02-30', colour: 'red' },
        relationships: { parent: { data: null } },
      },
    },
  });
  expect(reply.status).toBe(422);
  const pointers = (reply.json.errors as { source: { pointer: string } }[]).map(
    ({ source }) => source.pointer,
  );
  expect(pointers.sort()).toEqual([
    '/data/attributes/colour',
    '/data/attributes/email',
    '/data/attributes/expireDate',
    '/data/attributes/image',
    '/data/attributes/name',
    '/data/attributes/slug',
    '/data/relationships/parent',
  ]);
});

test.each([
  [
    'a client-generated id',
    { data: { ...(newServer()['data'] as object), id: serverId } },
    403,
    'client_generated_id',
  ],
  [
    'another type',
    { data: { ...(newServer()['data'] as object), type: 'clients' } },
    409,
    'type_not_accepted',
  ],
  ['no data', { servers: [] }, 400, 'malformed_document'],
  ['a list', { data: [newServer()['data']] }, 400, 'malformed_document'],
  ['no object', 'text', 400, 'malformed_document'],
])('an envelope with %s is refused', async (_what, body, status, code) => {
  const reply = await gateway.send('/servers/create', { body });
  expect([reply.status, ...codesOf(reply)]).toEqual([status, code]);
});

test('an e-mail address that is no login needs a login beside it', async () => {
  const email = `${'o'.repeat(60)}@${'lab.'.repeat(10)}test`;
  const body = newClient({ email });
  const reply = await gateway.send('/clients/create', { body });
  expect(reply.status).toBe(422);
  expect(reply.json.errors).toMatchObject([{ source: { pointer: '/data/attributes/ownerLogin' } }]);
  const named = await gateway.send('/clients/create', {
    body: newClient({ email, ownerLogin: 'obrien' }),
  });
  expect(named.status).toBe(202);
  const short = await gateway.send('/clients/create', { body: newClient({ email: "o'brien@lab.test" }) });
  expect(short.json.data).toMatchObject({ attributes: { ownerLogin: "o'brien@lab.test" } });
});

test('servers are listed and shown with what was measured, or nulls', async () => {
  const list = await gateway.send('/servers');
  expect(list.status).toBe(200);
  expect(list.json.data).toMatchObject([{ type: 'servers', id: serverId }]);
  await gateway.send('/servers?filter[active]=all');
  expect(gateway.asked.at(-1)?.request).toEqual({ active: 'all' });

  const one = await gateway.send(`/servers/${serverId}`);
  expect(one.status).toBe(200);
  expect(one.json.meta).toMatchObject({ monitoring: { load: null, containers: null, checkedAt: null } });
  const images = await gateway.send(`/servers/${serverId}/images`);
  expect(images.json.data).toMatchObject([
    {
      type: 'images',
      id: 'sha256:00',
      attributes: { references: ['alfa-client:1.4.0', 'alfa-client:latest'] },
      relationships: { clients: { data: [{ type: 'clients', id: clientId }] } },
    },
  ]);
});

test('images of all servers come in pages, sorted and narrowed down as asked for', async () => {
  const search = `sort=-clientCount,name&filter[serverId]=${serverId}&filter[outdated]=true&filter[inUse]=false`;
  const reply = await gateway.send(
    `/images?page[number]=2&page[size]=20&${search}&filter[reference]=alfa-client:1&filter[repository]=alfa-client&filter[search]=alfa`,
  );
  expect(gateway.asked.at(-1)?.request).toEqual({
    page: { number: 2, size: 20 },
    sort: [
      { field: 'clientCount', descending: true },
      { field: 'name', descending: false },
    ],
    filter: {
      serverId,
      outdated: true,
      inUse: false,
      reference: 'alfa-client:1',
      repository: 'alfa-client',
      search: 'alfa',
    },
  });
  expect(reply.json).toMatchObject({
    data: [
      {
        type: 'image-overviews',
        id: 'sha256:00',
        attributes: { outdated: true, clientCount: 120, presence: [{ serverId, checkedAt: now }] },
        relationships: {
          servers: { data: [{ type: 'servers', id: serverId }] },
          clients: { data: [{ type: 'clients', id: clientId }] },
        },
      },
    ],
    meta: { total: 60 },
    links: { next: expect.stringContaining('page%5Bnumber%5D=3') },
  });
  expect((await gateway.send('/images?sort=color')).status).toBe(400);
});

test('clients come in pages, with links, total and the server when asked for', async () => {
  const reply = await gateway.send(
    '/clients?page[number]=2&page[size]=20&sort=-expireDate,slug&filter[available]=null&include=server&fields[clients]=slug,server',
  );
  expect(reply.status).toBe(200);
  expect(gateway.asked.at(-1)?.request).toEqual({
    page: { number: 2, size: 20 },
    sort: [
      { field: 'expireDate', descending: true },
      { field: 'slug', descending: false },
    ],
    filter: { available: null },
    includeServers: true,
  });
  expect(reply.json.data).toEqual([
    {
      type: 'clients',
      id: clientId,
      attributes: { slug: 'lab-one' },
      relationships: {
        server: { data: { type: 'servers', id: serverId }, links: { related: `/servers/${serverId}` } },
      },
      links: {
        self: `/clients/${clientId}`,
        createLog: `/clients/${clientId}/create_log`,
        settings: `/clients/${clientId}/settings`,
        backups: `/clients/${clientId}/backups`,
        logs: `/clients/${clientId}/logs`,
        history: `/clients/${clientId}/history`,
        expireDatesHistory: `/clients/${clientId}/expire_dates_history`,
        cloud: 'http://lab-one.alfa.test',
      },
    },
  ]);
  expect(reply.json.included).toMatchObject([
    { type: 'servers', id: serverId, attributes: { name: serverView.name } },
  ]);
  expect(reply.json.meta).toEqual({ total: 60 });
  expect(reply.json.links).toMatchObject({ last: expect.stringContaining('page%5Bnumber%5D=3') });
});

test('a client whose creation has failed has no address to be visited', async () => {
  const failed = await startGateway({
    queries: { GetClient: async () => ({ result: { ...clientView, status: 'failed', server: serverView } }) },
  });
  try {
    const reply = await failed.send(`/clients/${clientId}`);
    const { links } = reply.json.data as { links: Record<string, string> };
    expect([links['self'], links['cloud']]).toEqual([`/clients/${clientId}`, undefined]);
  } finally {
    await failed.stop();
  }
});

test('one client, its create log, operations and their logs', async () => {
  const client = await gateway.send(`/clients/${clientId}?include=server`);
  expect(client.json.data).toMatchObject({ id: clientId, attributes: { available: true } });
  expect(client.json.included).toMatchObject([{ id: serverId }]);
  const log = await gateway.send(`/clients/${clientId}/create_log?page[after]=3-0`);
  expect(log.json).toMatchObject({
    data: { type: 'create-logs', id: clientId, attributes: { completed: null, entries: [] } },
    meta: { cursor: '3-0', more: false },
  });
  const list = await gateway.send(
    `/operations?filter[status]=running&filter[kind]=client.create&filter[target]=${clientId}`,
  );
  expect(list.json.data).toMatchObject([{ type: 'operations', id: operationId }]);
  expect(gateway.asked.at(-1)?.request).toMatchObject({
    filter: { status: 'running', kind: 'client.create', targetId: clientId },
  });
  const one = await gateway.send(`/operations/${operationId}`);
  expect(one.json.data).toMatchObject({
    relationships: { target: { data: { type: 'clients', id: clientId } } },
  });
  const entries = await gateway.send(`/operations/${operationId}/log`);
  expect(entries.json.data).toMatchObject({ type: 'operation-logs', attributes: { status: 'running' } });
});

test('an operation is cancelled, with or without a reason', async () => {
  const plain = await gateway.send(`/operations/${operationId}/cancel`, { method: 'POST' });
  expect(plain.status).toBe(202);
  expect(plain.json.data).toMatchObject({ type: 'operations', id: operationId });
  expect(plain.headers['content-location']).toBe(`/operations/${operationId}`);
  await gateway.send(`/operations/${operationId}/cancel`, {
    body: { data: { type: 'cancellations', attributes: { reason: 'wrong server' } } },
  });
  expect(gateway.commands.sent.at(-1)?.data).toEqual({ operationId, reason: 'wrong server' });
});

test.each([
  `/servers/${unknownId}`,
  `/servers/${unknownId}/images`,
  `/clients/${unknownId}`,
  `/clients/${unknownId}/create_log`,
  `/operations/${unknownId}`,
  `/operations/${unknownId}/log`,
  '/clients/1',
  '/nowhere',
])('%s is not found', async (path) => {
  const reply = await gateway.send(path);
  expect([reply.status, ...codesOf(reply)]).toEqual([404, 'not_found']);
});

test('a known path with another method says which ones it takes', async () => {
  const reply = await gateway.send('/clients/create');
  expect(reply.status).toBe(405);
  expect(reply.headers['allow']).toBe('POST, OPTIONS');
  const options = await gateway.send('/clients', { method: 'OPTIONS' });
  expect([options.status, options.headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS']);
  const head = await gateway.send('/clients', { method: 'HEAD' });
  expect([head.status, head.text]).toEqual([200, '']);
  expect(Number(head.headers['content-length'])).toBeGreaterThan(100);
});

test('a rejection of the handler is answered with its status, place and facts', async () => {
  const refusing = await startGateway({
    answer: ({ fingerprint }) => ({
      outcome: 'rejected',
      fingerprint,
      faults: [{ code: 'slug_taken', detail: 'taken', pointer: '/data/attributes/slug', meta: { a: 1 } }],
    }),
  });
  try {
    const reply = await refusing.send('/clients/create', { body: newClient() });
    expect(reply.status).toBe(409);
    expect(reply.json.errors).toEqual([
      {
        status: '409',
        code: 'slug_taken',
        title: 'Slug is taken',
        detail: 'taken',
        source: { pointer: '/data/attributes/slug' },
        meta: { a: 1 },
      },
    ]);
  } finally {
    await refusing.stop();
  }
});

test('a part that does not answer is 503 with Retry-After, an unexpected error 500 without its text', async () => {
  const broken = await startGateway({
    answer: () => 'unavailable',
    queries: {
      ListClients: async () => {
        throw reject('unavailable', 'too much to do');
      },
      GetClient: async () => JSON.parse('{"result": null}'),
    },
  });
  try {
    for (const reply of [
      await broken.send('/clients/create', { body: newClient() }),
      await broken.send('/clients'),
    ]) {
      expect(reply.status).toBe(503);
      expect(reply.headers['retry-after']).toBe('5');
    }
    const unexpected = await broken.send(`/clients/${clientId}`);
    expect([unexpected.status, ...codesOf(unexpected)]).toEqual([500, 'internal']);
    expect(unexpected.text).not.toMatch(/TypeError|destructure|null/);
    expect(broken.lines).toContainEqual(expect.objectContaining({ level: 'error', err: expect.anything() }));
  } finally {
    await broken.stop();
  }
});

test('health needs no credentials and tells what is missing', async () => {
  expect((await gateway.send('/health/live', { headers: { authorization: '' } })).status).toBe(200);
  const ready = await gateway.send('/health/ready', { headers: { authorization: '' } });
  expect(ready.status).toBe(200);
  expect(ready.json.meta).toMatchObject({
    checks: { messaging: { status: 'ok' }, projector: { status: 'ok' } },
  });
  const cut = await startGateway({ isConnected: () => false });
  try {
    const reply = await cut.send('/health/ready');
    expect(reply.status).toBe(503);
    expect(reply.json.meta).toMatchObject({ checks: { messaging: { status: 'unavailable' } } });
  } finally {
    await cut.stop();
  }
});

test('every request leaves one line that says who asked for what, without the query', async () => {
  await gateway.send('/clients?filter[search]=CANARY', { headers: { 'x-request-id': 'trace-1' } });
  // The line is written once the answer has gone out; the next answer on the connection comes after it.
  await gateway.send('/health/live');
  const line = gateway.lines.find(({ requestId }) => requestId === 'trace-1');
  expect(line).toMatchObject({
    actor: 'admin',
    method: 'GET',
    path: '/clients',
    status: 200,
    address: '127.0.0.1',
    durationMs: expect.any(Number),
  });
  expect(JSON.stringify(gateway.lines)).not.toContain('CANARY');
});

test('a probe that finds all well leaves its line for level debug only', async () => {
  const unwell = await startGateway({ isConnected: () => false });
  try {
    for (const path of ['/health/live', '/health/ready', '/health/live']) await unwell.send(path);
    expect(unwell.lines.filter(({ msg }) => msg === 'request').slice(0, 2)).toMatchObject([
      { path: '/health/live', status: 200, level: 'debug' },
      { path: '/health/ready', status: 503, level: 'info' },
    ]);
  } finally {
    await unwell.stop();
  }
});
