/**
 * (b) HTTP: `GET /clients` over 10,000 clients through the gateway, NATS and the projector against a bare express handler
 * over the same SQLite rows, in turns: once with the rows as they are, once with the document that the gateway answers, which is twice as long.
 * Beside them what a hop over NATS costs where nothing is read, parsed or put together; and the round trip of a command, HTTP in to accepted out, through real JetStream.
 * Each side is a process of its own; the load comes from this one over keep-alive loopback connections.
 */
import { clientIdOf, clientStory, serverStory, type PlacedEvent } from '@alfa-cloud/projector/testing';
import { deriveId } from '@alfa-cloud/contracts';
import { connectEventStore, type EventStoreConnection } from '@alfa-cloud/event-sourcing';
import { connectMessaging } from '@alfa-cloud/messaging';
import { createVault, openKeyStore } from '@alfa-cloud/secrets';
import { createLogger } from '@alfa-cloud/service-kit';
import { startNatsServer, temporaryDirectory } from '@alfa-cloud/testing';
import { deepStrictEqual } from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadFor, type Load } from './support/http-load.ts';
import { authorization, masterKey } from './support/http-sides.ts';
import { report } from './report.ts';

const clients = 10_000;
const writers = 48;
const roundSeconds = 3;
const rounds = 3;
const connections = 16;
const pageSize = 25;

const logger = createLogger({ service: 'bench', level: 'error' });

/** The events that make a client as it is listed; its operation is not part of this measurement. */
const fill = async (store: EventStoreConnection, vault: ReturnType<typeof createVault>): Promise<void> => {
  const cause = { commandId: 'bench', correlationId: 'bench', causationId: 'bench', actor: 'bench' };
  const append = async (story: PlacedEvent[], prefix: string): Promise<void> => {
    const own = story.filter(({ stream }) => stream.startsWith(prefix));
    const stream = own[0]?.stream ?? '';
    const events = own.map(({ event }, place) => ({ id: deriveId(stream, place), event }));
    await store.append(stream, events, { expectedRevision: 'no_stream', cause });
  };
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => append(serverStory(`server-${index}`), 'server-')),
  );
  let next = 0;
  const writer = async (): Promise<void> => {
    for (let index = next++; index < clients; index = next++) {
      const slug = `lab-${index}`;
      const scope = `client.${clientIdOf(slug)}` as const;
      await vault.ensureKey(scope);
      const data = {
        name: `Лаборатория ${index}`,
        email: `${slug}@example.test`,
        ownerLogin: slug,
        notes: '',
      };
      const personal = await vault.seal(scope, JSON.stringify(data));
      await append(clientStory({ slug, server: `server-${index % 20}`, personal }), 'client-');
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
};

const children: ChildProcess[] = [];

/** Starts a process and reads the one line of JSON that it prints when it is ready. */
const startSide = async (file: string, args: string[]): Promise<Record<string, string>> => {
  const child = spawn(process.execPath, ['--no-warnings', file, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const ready = once(createInterface(child.stdout), 'line', { signal: AbortSignal.timeout(120_000) });
  const [line] = (await ready) as [string];
  return JSON.parse(line) as Record<string, string>;
};

const sides = join(import.meta.dirname, 'support', 'http-sides.ts');
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const row = (what: string, loads: readonly Load[]) => ({
  what,
  'requests/s': median(loads.map(({ perSecond }) => perSecond)),
  'p50 ms': median(loads.map(({ p50Ms }) => p50Ms)),
  'p99 ms': median(loads.map(({ p99Ms }) => p99Ms)),
  'bytes/answer': loads[0]?.bytes ?? 0,
});

/** Of one to another, round by round: both sides of a share then ran within the same seconds. */
const shareOf = (ours: readonly Load[], others: readonly Load[]): number =>
  median(ours.map(({ perSecond }, round) => perSecond / (others[round]?.perSecond ?? NaN)));

const aimFor = (name: string, value: number, aim: number) => ({
  name,
  value,
  aim: `≥ ${aim}`,
  met: value >= aim,
});

const documentAt = async (address: string): Promise<unknown> =>
  (await fetch(address, { headers: { authorization } })).json();

/** The bare handler answers member by member what the gateway does. @throws when it does not */
const compareDocuments = async (gateway: string, bare: string): Promise<void> => {
  for (const page of ['', '?page%5Bnumber%5D=7&page%5Bsize%5D=25'])
    deepStrictEqual(
      await documentAt(`${bare}/documents/clients${page}`),
      await documentAt(`${gateway}/clients${page}`),
    );
};

const body = (index: number): string =>
  JSON.stringify({
    data: {
      type: 'clients',
      attributes: {
        name: 'Лаборатория',
        slug: `new-${index}`,
        email: 'new@example.test',
        expireDate: '2027-01-31',
        image: 'alfa:1',
      },
      relationships: { server: { data: { type: 'servers', id: deriveId('server', 'server-1') } } },
    },
  });

await using directory = await temporaryDirectory('alfa-bench-http-');
await using nats = await startNatsServer();
try {
  const { connectionString = '' } = await startSide('libs/embedded-eventstore/src/main.ts', [
    '--directory',
    join(directory.path, 'events'),
    '--port',
    '0',
    '--exit-with-parent',
  ]);
  const messaging = await connectMessaging({ url: nats.url, name: 'bench', logger });
  const keys = await openKeyStore(messaging.buckets);
  const store = connectEventStore({ connectionString, logger });
  await fill(store, createVault({ masterKey, keys }));
  await store.close();
  keys.close();
  await messaging.close();

  const file = join(directory.path, 'read-models.sqlite');
  await startSide(sides, ['backend', nats.url, connectionString, file]);
  const { url: gateway = '' } = await startSide(sides, ['gateway', nats.url]);
  const { url: bare = '' } = await startSide(sides, ['bare', file]);
  await startSide(sides, ['echo', nats.url]);
  const { url: hop = '' } = await startSide(sides, ['hop', nats.url]);

  const list = (url: string, width: number, path = '/clients'): Promise<Load> =>
    loadFor(roundSeconds * 1000, width, url, () => ({ method: 'GET', path, authorization }));
  /** Any of the pages, the same ones in turn for each side. */
  const anyPage = (url: string, path: string): Promise<Load> => {
    let asked = 0;
    return loadFor(roundSeconds * 1000, connections, url, () => {
      const number = 1 + ((asked++ * 7919) % (clients / pageSize));
      const search = `page%5Bnumber%5D=${number}&page%5Bsize%5D=${pageSize}`;
      return { method: 'GET', path: `${path}?${search}`, authorization };
    });
  };
  await compareDocuments(gateway, bare);
  let sent = 0;
  const command = (width: number): Promise<Load> =>
    loadFor(roundSeconds * 1000, width, gateway, () => ({
      method: 'POST',
      path: '/clients/create',
      authorization,
      body: body((sent += 1)),
    }));

  const loads = {
    bare: [] as Load[],
    gateway: [] as Load[],
    bareDocument: [] as Load[],
    gatewayAny: [] as Load[],
    bareAny: [] as Load[],
    hop: [] as Load[],
    bareOne: [] as Load[],
    gatewayOne: [] as Load[],
    one: [] as Load[],
    many: [] as Load[],
  };
  for (let round = 0; round <= rounds; round += 1) {
    const measured: { readonly [Name in keyof typeof loads]: Load } = {
      bare: await list(bare, connections),
      gateway: await list(gateway, connections),
      bareDocument: await list(bare, connections, '/documents/clients'),
      gatewayAny: await anyPage(gateway, '/clients'),
      bareAny: await anyPage(bare, '/documents/clients'),
      hop: await list(hop, connections),
      bareOne: await list(bare, 1, '/documents/clients'),
      gatewayOne: await list(gateway, 1),
      one: await command(1),
      many: await command(connections),
    };
    // The first round warms up caches and the compiler.
    if (round > 0)
      for (const name of Object.keys(loads) as (keyof typeof loads)[]) loads[name].push(measured[name]);
  }
  const many = `${connections} connections`;
  const rows = [
    row(`bare express handler, ${many}`, loads.bare),
    row(`bare express handler, same document, ${many}`, loads.bareDocument),
    row(`bare express handler with a hop over NATS, no rows, ${many}`, loads.hop),
    row(`GET /clients, ${many}`, loads.gateway),
    row(`bare express handler, same document, any page, ${many}`, loads.bareAny),
    row(`GET /clients, any page, ${many}`, loads.gatewayAny),
    row('bare express handler, same document, 1 connection', loads.bareOne),
    row('GET /clients, 1 connection', loads.gatewayOne),
    row('command round trip, 1 connection', loads.one),
    row(`command round trip, ${many}`, loads.many),
  ];
  await report('http', `(b) HTTP with ${clients} clients, pages of ${pageSize}`, rows, [
    aimFor('GET /clients, share of the bare handler', shareOf(loads.gateway, loads.bare), 0.5),
    aimFor('the same, same document', shareOf(loads.gateway, loads.bareDocument), 0.8),
    aimFor('the same, any page', shareOf(loads.gatewayAny, loads.bareAny), 0.8),
  ]);
} finally {
  for (const child of children) child.kill();
}
