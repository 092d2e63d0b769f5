import { expect, test } from '@jest/globals';
import { CloudServerError, type PortResponse } from '@alfa-cloud/cloud-server';
import { fakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { inMemoryFeed, querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import {
  streams,
  type AvailabilityObservation,
  type ClientView,
  type ServerView,
} from '@alfa-cloud/contracts';
import { observeOnce } from './availability.ts';

const serverId = '00000000-0000-4000-8000-000000000001';
const now = new Date('2026-11-22T18:00:00.000Z');
const cause = { commandId: 'c', correlationId: 'c', causationId: 'c', actor: 'admin' };
const server = { id: serverId, status: 'ready', domain: 'lab.test', proxy: { httpPort: 8080 } } as ServerView;
const clientOf = (slug: string) => ({ id: `id-${slug}`, slug }) as ClientView;

const observe = async (
  slugs: readonly string[],
  answer: (host: string) => PortResponse | null,
  engineAway = false,
) => {
  const store = inMemoryEventStore();
  const data = {
    serverId,
    operationId: '00000000-0000-4000-8000-000000000002',
    name: 'S',
    role: 'production' as const,
    domain: 'lab.test',
    connection: { kind: 'local' as const },
    active: true,
    capacity: { clients: 1 },
    proxy: { httpPort: 8080 },
    secrets: 'v1.x',
  };
  await store.append(streams.server(serverId), [{ id: 'e', event: { type: 'ServerRegistered', data } }], {
    expectedRevision: 'no_stream',
    cause,
  });
  const cloud = fakeCloudServer({ get: ({ host }) => answer(host) });
  if (engineAway) cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', 'away');
  const feed = inMemoryFeed();
  const clients = slugs.map(clientOf);
  const queries = querySenderOf({
    ListServers: async () => ({ result: { items: [server] } }),
    ListClients: async ({ page, filter }) => {
      expect(filter).toEqual({ serverId, status: 'active' });
      const items = clients.slice((page.number - 1) * page.size, page.number * page.size);
      return { result: { items, total: clients.length, servers: [] } };
    },
  });
  await observeOnce(
    {
      store,
      queries,
      feed,
      cloudServers: { of: () => cloud, close: async () => {} },
      clock: () => now,
      logger: createLogger({ service: 'test', level: 'fatal' }),
      settings: { everyMs: 1000, probeMs: 100, parallel: 2 },
    },
    new AbortController().signal,
  );
  return feed.published;
};

const ok = (slug: string): PortResponse => ({ status: 200, headers: { 'x-alfa-client': slug }, body: '' });

test('every active client is asked under its own name, and only its own answer counts', async () => {
  const published = await observe(['a', 'b', 'c'], (host) => {
    if (host === 'a.lab.test') return ok('a');
    return host === 'b.lab.test' ? { ...ok('b'), status: 502 } : ok('a');
  });
  expect(published).toEqual([
    {
      subject: 'alfa.observations.availability',
      message: {
        serverId,
        checkedAt: now.toISOString(),
        clients: [
          { id: 'id-a', available: true },
          { id: 'id-b', available: false },
          { id: 'id-c', available: false },
        ],
      },
    },
  ]);
});

const available = (published: Awaited<ReturnType<typeof observe>>) =>
  published.flatMap(({ message }) =>
    (message as AvailabilityObservation).clients.map((client) => client.available),
  );

test('a proxy that is away makes clients unavailable, a server that is away makes them unknown', async () => {
  expect(available(await observe(['a'], () => null))).toEqual([false]);
  expect(available(await observe(['a'], () => null, true))).toEqual([null]);
});

test('all pages of clients are observed', async () => {
  const slugs = Array.from({ length: 201 }, (_, index) => `c${index}`);
  expect(available(await observe(slugs, (host) => ok(host.split('.')[0] ?? '')))).toHaveLength(201);
});
