import { expect, test } from '@jest/globals';
import {
  type Change,
  type ChangesView,
  deriveId,
  type LogEntry,
  reject,
  subjects,
} from '@alfa-cloud/contracts';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createClient } from '../../../libs/client/src/client.ts';
import type { FeedEvent, LogEvent } from '../../../libs/client/src/client-types.ts';
import {
  clientId,
  gatewaysOfTest,
  login,
  now,
  operationId,
  operationView,
  password,
  rejecting,
  serverId,
} from './support.ts';

const start = gatewaysOfTest();

const clientOf = ({ url }: { url: string }, secret = password) =>
  createClient({ url, login, password: secret });

test('resources come as plain objects that lead to each other', async () => {
  const alfa = clientOf(await start());
  const { data, status } = await alfa.get('/clients/{id}', {
    id: clientId,
    include: ['server'],
    fields: { clients: ['name', 'server'], servers: ['name'] },
  });
  expect([status, data]).toEqual([
    200,
    {
      type: 'clients',
      id: clientId,
      name: 'Лаборатория «Один»',
      server: { type: 'servers', id: serverId, name: 'cloud-1', links: expect.any(Object) },
      links: expect.any(Object),
    },
  ]);
  const bare = (await alfa.get('/clients/{id}', { id: clientId })).data;
  expect(bare['server']).toEqual({ type: 'servers', id: serverId });
});

test('a list is read page by page to its end', async () => {
  const gateway = await start();
  const seen: unknown[] = [];
  for await (const { id } of clientOf(gateway).all('/clients', { query: { 'page[size]': 20 } }))
    seen.push(id);
  expect(seen).toEqual([clientId, clientId, clientId]);
});

test('what is sent is a document with a key of its own; the position of the answer goes with later questions', async () => {
  const gateway = await start();
  const alfa = clientOf(gateway);
  const answer = await alfa.patch('/clients/{id}/expire_date', {
    id: clientId,
    type: 'clients',
    attributes: { expireDate: '2027-12-31', reason: 'Paid' },
  });
  expect(answer.status).toBe(200);
  expect(gateway.commands.sent.at(-1)).toMatchObject({ name: 'ChangeExpireDate' });
  await clientOf(await start()).get('/servers');
  await alfa.get('/servers');
  expect(gateway.asked.at(-1)).toMatchObject({ name: 'ListServers', minPosition: '4711' });
});

test('faults come as one class with code, pointers and when to try again', async () => {
  const gateway = await start({
    answer: rejecting({ code: 'slug_taken', detail: 'Taken', pointer: '/data/attributes/slug' }),
  });
  const wrong = clientOf(gateway).patch('/clients/{id}/expire_date', {
    id: clientId,
    type: 'clients',
    attributes: { x: 1 } as never,
  });
  await expect(wrong).rejects.toMatchObject({
    name: 'AlfaError',
    status: 422,
    pointers: expect.arrayContaining(['/data/attributes/x']),
    requestId: expect.any(String),
    isPassing: false,
  });
  await expect(clientOf(gateway, 'wrong').get('/servers')).rejects.toMatchObject({
    code: 'credentials_required',
    status: 401,
  });
  const away = await start({
    queries: {
      ListServers: async () => {
        throw reject('unavailable', 'away');
      },
    },
  });
  await expect(clientOf(away).get('/servers')).rejects.toMatchObject({
    status: 503,
    retryAfter: 5,
    isPassing: true,
  });
  const nobody = createClient({ url: 'http://127.0.0.1:9', login, password });
  await expect(nobody.get('/servers')).rejects.toMatchObject({
    code: 'not_reached',
    status: 0,
    isPassing: true,
  });
  const reason = new Error('gone');
  await expect(clientOf(gateway).get('/servers', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('an operation is waited for through an outage, at most as long as is said', async () => {
  let looks = 0;
  const gateway = await start({
    queries: {
      GetOperation: async () => {
        looks += 1;
        if (looks === 2) throw reject('unavailable', 'away');
        return { result: { ...operationView, status: looks < 4 ? 'running' : 'ok' } };
      },
    },
  });
  const states: string[] = [];
  const { status } = await clientOf(gateway).waitForOperation(operationId, {
    onChange: (operation) => states.push(operation.status),
  });
  expect([status, states]).toEqual(['ok', ['running', 'ok']]);
  const endless = await start();
  await expect(clientOf(endless).waitForOperation(operationId, { deadlineMs: 300 })).rejects.toMatchObject({
    code: 'deadline',
  });
});

/** Stands between client and gateway, and can cut all connections, or keep streams back as some proxies do. */
const startWire = async (url: string) => {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let holdsStreams = false;
  const server: Server = createServer();
  server.on('connection', (socket) => {
    const behind = connect(Number(target.port), target.hostname);
    for (const end of [socket, behind]) {
      sockets.add(end);
      end.on('error', () => end.destroy());
    }
    let isStream = false;
    socket.on('data', (chunk: Buffer) => {
      isStream = chunk.toString().includes('text/event-stream');
      behind.write(chunk);
    });
    behind.on('data', (chunk: Buffer) => {
      if (!(holdsStreams && isStream)) socket.write(chunk);
    });
    socket.on('close', () => behind.destroy());
    behind.on('close', () => socket.destroy());
  });
  server.removeAllListeners('request');
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    holdStreams: () => {
      holdsStreams = true;
    },
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
};

const startFeed = async () => {
  const changes: Change[] = [];
  const gateway = await start({
    queries: {
      ListChanges: async ({ after }): Promise<{ result: ChangesView }> => {
        const from = after === null ? changes.length : Number(after.split('-')[1]);
        const cursor = `feedfeed-${changes.length}`;
        return { result: { cursor, reset: null, changes: changes.slice(from), more: false } };
      },
    },
  });
  return {
    gateway,
    change: (name: string): void => {
      changes.push({
        type: 'clients',
        id: deriveId('feed', name),
        clientId: null,
        serverId: null,
        removed: false,
      });
      gateway.feed.publish(subjects.changed, { position: String(changes.length) });
    },
  };
};

const told = (events: FeedEvent[]): unknown[] =>
  events.flatMap((event) => (event.name === 'changes' ? event.changes.map(({ id }) => id) : []));

test.each(['cut', 'held back'] as const)(
  'the feed is followed when the connection is %s: no gap, no repeat',
  async (how) => {
    const { gateway, change } = await startFeed();
    const wire = await startWire(gateway.url);
    if (how === 'held back') wire.holdStreams();
    const stop = new AbortController();
    const events: FeedEvent[] = [];
    const expected = Array.from({ length: 6 }, (_, n) => deriveId('feed', String(n)));
    try {
      for await (const event of clientOf(wire).followEvents({ types: ['clients'], signal: stop.signal })) {
        events.push(event);
        const count = told(events).length;
        if (event.name === 'open' && count === 0) change('0');
        if (event.name !== 'changes') continue;
        if (count >= expected.length) break;
        if (how === 'cut') wire.cut();
        change(String(count));
      }
    } finally {
      stop.abort();
      wire.close();
    }
    expect(told(events)).toEqual(expected);
    expect(events.filter(({ name }) => name === 'away').length).toBeGreaterThan(0);
  },
);

test('a log is followed to its end through cuts', async () => {
  const entries: LogEntry[] = [];
  let isOver = false;
  const gateway = await start({
    queries: {
      GetOperationLog: async ({ after }) => {
        const from = after === null ? 0 : entries.findIndex(({ cursor }) => cursor === after) + 1;
        const page = entries.slice(from);
        const status = isOver ? 'ok' : 'running';
        return {
          result: {
            entries: page,
            cursor: page.at(-1)?.cursor ?? after,
            more: false,
            status,
            transfer: null,
          },
        };
      },
    },
  });
  const write = (): void => {
    const number = entries.length;
    entries.push({ cursor: `${number}-0`, at: now, step: null, level: 'info', message: `line ${number}` });
    gateway.feed.publish(subjects.operationChanged(operationId), {});
  };
  const wire = await startWire(gateway.url);
  write();
  const read: LogEvent[] = [];
  for await (const event of clientOf(wire).followLog(operationId)) {
    read.push(event);
    if (event.name !== 'entry') continue;
    wire.cut();
    isOver = entries.length >= 4;
    if (!isOver) write();
  }
  wire.close();
  const lines = read.flatMap((event) => (event.name === 'entry' ? event.entry.message : []));
  expect(lines).toEqual(['line 0', 'line 1', 'line 2', 'line 3']);
  expect(read.at(-1)).toMatchObject({ name: 'end', status: 'ok' });
});

test('it is served to everybody as one small module without imports, which works as it is', async () => {
  const gateway = await start();
  const served = await gateway.send('/client.js', { headers: { authorization: '' } });
  expect([served.status, served.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect(served.text).not.toMatch(/^import/m);
  expect(gzipSync(served.text).length).toBeLessThan(10_240);
  const again = await gateway.send('/client.js', {
    headers: { authorization: '', 'if-none-match': String(served.headers.etag) },
  });
  expect(again.status).toBe(304);
  const directory = await mkdtemp(join(tmpdir(), 'alfa-client-'));
  try {
    const file = join(directory, 'client.mjs');
    await writeFile(file, served.text);
    const loaded = (await import(pathToFileURL(file).href)) as { createClient: typeof createClient };
    expect(Object.keys(loaded)).toEqual(['AlfaError', 'createClient']);
    const { data } = await loaded
      .createClient({ url: gateway.url, login, password })
      .get('/servers/{id}', { id: serverId });
    expect(data).toMatchObject({ type: 'servers', name: 'cloud-1' });
  } finally {
    await rm(directory, { recursive: true });
  }
});
