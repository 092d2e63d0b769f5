import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { CloudServerError, type PortResponse } from '@alfa-cloud/cloud-server';
import { fakeCloudServer, nameImage, type FakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import {
  type AvailabilityObservation,
  type ClientEvent,
  type ClientView,
  type ImagesObservation,
  message,
  newId,
  type OperationKind,
  type ServerView,
  streams,
  subjects,
} from '@alfa-cloud/contracts';
import { inMemoryEventStore, type InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { inMemoryFeed, querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger, Semaphore } from '@alfa-cloud/service-kit';
import { eventually } from '@alfa-cloud/testing';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import { createAvailabilityRecord } from './availability-record.ts';
import { observeServer, type ObservationDeps } from './observe-server.ts';
import { createAvailabilityReconciler } from './availability.ts';

const serverId = '00000000-0000-4000-8000-000000000001';
const now = new Date('2026-11-22T18:00:00.000Z');
const cause = { commandId: 'c', correlationId: 'c', causationId: 'c', actor: 'admin' };
const signal = new AbortController().signal;
/** Answers of the proxy by slug; changed by the test. */
type Answers = Map<string, PortResponse | null>;

const ok = (slug: string): PortResponse => ({ status: 200, headers: { 'x-alfa-client': slug }, body: '' });
const ill = (slug: string, status: number): PortResponse => ({ ...ok(slug), status });

const withClients = async (slugs: readonly string[], everyMs = 60_000) => {
  const store = inMemoryEventStore();
  await registerServer(store);
  const clients = slugs.map((slug) => ({ id: newId(), slug, image: slug === 'b' ? 'absent' : 'i' }));
  for (const { id, slug } of clients) await createClient(store, id, slug);
  const answers: Answers = new Map(slugs.map((slug) => [slug, ok(slug)]));
  const asked: string[] = [];
  const cloud = fakeCloudServer({
    images: { i: {} },
    get({ host }) {
      const slug = host.split('.')[0] ?? '';
      asked.push(slug);
      return answers.get(slug) ?? null;
    },
  });
  const feed = inMemoryFeed();
  const server = { id: serverId, status: 'ready' } as ServerView;
  const deps: ObservationDeps = {
    store,
    queries: querySenderOf({
      ListServers: async () => ({ result: { items: [server] } }),
      ListClients: async ({ page, filter }) => {
        expect(filter).toEqual({ serverId, status: 'active' });
        const items = clients.slice((page.number - 1) * page.size, page.number * page.size);
        return { result: { items: items as unknown as ClientView[], total: clients.length, servers: [] } };
      },
    }),
    feed,
    cloudServers: { of: () => cloud, close: async () => {} },
    clock: () => now,
    logger: createLogger({ service: 'test', level: 'fatal' }),
    config: { everyMs, probeMs: 100, parallel: 2, confirmMs: 1 },
    otherImages: { includes: () => false },
    record: createAvailabilityRecord(store, () => now),
    slots: new Semaphore(2),
  };
  const idOf = (slug: string): string => clients.find((client) => client.slug === slug)?.id ?? '';
  return {
    deps,
    store,
    cloud,
    answers,
    asked,
    idOf,
    observe: () => observeServer(deps, serverId, signal),
    /** What the feed said last of the images. */
    saidOfImages: () =>
      feed.published.findLast(({ subject }) => subject === subjects.imagesOnServer)?.message,
    /** What the feed said last. */
    said: () => {
      const told = feed.published.findLast(({ subject }) => subject === subjects.availability);
      const observation = told?.message as AvailabilityObservation;
      return Object.fromEntries(
        observation.clients.map(({ id, available }) => [
          clients.find((client) => client.id === id)?.slug,
          available,
        ]),
      );
    },
    recorded: async (slug: string) =>
      (await store.read<ClientEvent>(streams.client(idOf(slug)))).events.flatMap((event) =>
        event.type === 'ClientAvailabilityChanged' ? [[event.data.available, event.data.reason]] : [],
      ),
  };
};

const registerServer = async (store: InMemoryEventStore) => {
  const data = {
    serverId,
    operationId: newId(),
    name: 'S',
    role: 'production' as const,
    domain: 'lab.test',
    connection: { kind: 'local' as const },
    active: true,
    capacity: { clients: 1 },
    proxy: { httpPort: 8080 },
    secrets: 'v1.x',
  };
  const event = { type: 'ServerRegistered' as const, data };
  await store.append(streams.server(serverId), [{ id: newId(), event }], {
    expectedRevision: 'no_stream',
    cause,
  });
};

const createClient = async (store: InMemoryEventStore, clientId: string, slug: string) => {
  const operationId = newId();
  const requested: ClientEvent = {
    type: 'ClientCreationRequested',
    data: {
      clientId,
      slug,
      serverId,
      operationId,
      locale: 'ru',
      expireDate: '2050-01-01',
      image: 'i',
      limits: { memoryMb: 256, cpus: 1, pids: 64 },
      demo: false,
      sendSuccess: false,
      personal: 'v1.x',
      secrets: 'v1.x',
    },
  };
  const created: ClientEvent = {
    type: 'ClientCreated',
    data: { clientId, operationId, image: 'i', imageId: 'i' },
  };
  const events = [requested, created].map((event) => ({ id: newId(), event }));
  await store.append(streams.client(clientId), events, { expectedRevision: 'no_stream', cause });
};

const run = async (cloud: FakeCloudServer, slug: string, clientId: string) => {
  const labels = { 'cloud.alfa.managed': 'true', 'cloud.alfa.client': clientId };
  await cloud.docker.createContainer(`alfa-${slug}`, { image: 'i', labels } as never);
  await cloud.docker.startContainer(`alfa-${slug}`);
};

describe('a look at the clients of a server', () => {
  test('asks each under its own name, and only its own answer counts', async () => {
    const { answers, observe, said, recorded } = await withClients(['a', 'b', 'c']);
    answers.set('b', ill('b', 503));
    answers.set('c', ok('a'));
    await observe();
    expect(said()).toEqual({ a: true, b: false, c: false });
    expect(await recorded('a')).toEqual([[true, null]]);
    expect(await recorded('b')).toEqual([[false, '/healthz answered 503']]);
    expect(await recorded('c')).toEqual([[false, 'the proxy of the server does not know the client']]);
  });

  test('tells what the names of their images mean there, each once, and nothing while the engine is away', async () => {
    const { cloud, observe, saidOfImages } = await withClients(['a', 'b', 'c']);
    await observe();
    const images = [
      { reference: 'i', id: 'sha256:i' },
      { reference: 'absent', id: null },
    ];
    expect(saidOfImages()).toEqual({ serverId, checkedAt: now.toISOString(), images });
    cloud.engine.images.set('i', { id: 'sha256:built-anew', labels: {}, user: '' });
    await observe();
    const known = { serverId, images: [{ reference: 'i', id: 'sha256:built-anew' }, images[1]] };
    expect(saidOfImages()).toMatchObject(known);
    cloud.engine.images.clear();
    cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
    await observe();
    expect(saidOfImages()).toMatchObject(known);
  });

  test('records changes and not every look', async () => {
    const { cloud, answers, observe, recorded, idOf } = await withClients(['a']);
    await run(cloud, 'a', idOf('a'));
    await observe();
    await observe();
    answers.set('a', null);
    await observe();
    await observe();
    answers.set('a', ok('a'));
    await observe();
    expect(await recorded('a')).toEqual([
      [true, null],
      [false, 'no answer'],
      [true, null],
    ]);
  });

  test('needs two failed answers in a row', async () => {
    const { cloud, answers, asked, observe, said, recorded } = await withClients(['a']);
    const get = cloud.get.bind(cloud);
    cloud.get = async (request) => {
      const answer = get(request);
      answers.set('a', ok('a'));
      return answer;
    };
    answers.set('a', ill('a', 500));
    await observe();
    expect({ asked, said: said() }).toEqual({ asked: ['a', 'a'], said: { a: true } });
    expect(await recorded('a')).toEqual([[true, null]]);
  });

  test('says why the container is silent', async () => {
    const { cloud, answers, observe, recorded, idOf } = await withClients(['gone', 'dead', 'deaf']);
    for (const slug of ['gone', 'dead', 'deaf']) answers.set(slug, ill(slug, 502));
    await run(cloud, 'dead', idOf('dead'));
    await run(cloud, 'deaf', idOf('deaf'));
    answers.set('gone', null);
    Object.assign(cloud.engine.containers.get('alfa-dead') ?? {}, { status: 'exited', exitCode: 137 });
    await observe();
    expect(await recorded('gone')).toEqual([[false, 'the container is not there']]);
    expect(await recorded('dead')).toEqual([[false, 'container exited with code 137']]);
    expect(await recorded('deaf')).toEqual([[false, '/healthz answered 502']]);
  });

  test('can tell nothing while the server is away, without asking every client', async () => {
    const slugs = ['a', 'b', 'c', 'd'];
    const { cloud, answers, asked, observe, said, recorded } = await withClients(slugs);
    for (const slug of slugs) answers.set(slug, null);
    cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
    await observe();
    expect(said()).toEqual({ a: null, b: null, c: null, d: null });
    expect(await recorded('d')).toEqual([[null, 'the server does not answer']]);
    expect(new Set(asked)).toEqual(new Set(['a']));
  });

  test('goes on while only the engine is away', async () => {
    const { cloud, observe, said } = await withClients(['a']);
    cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
    await observe();
    expect(said()).toEqual({ a: true });
  });

  test('that began before another one does not have the last word', async () => {
    const { deps, idOf, recorded } = await withClients(['a']);
    const up = { available: true, reason: null };
    const down = { available: false, reason: 'no answer' };
    const earlier = new Date(now.getTime() - 1);
    await deps.record.take(idOf('a'), serverId, up, now);
    expect(await deps.record.take(idOf('a'), serverId, down, earlier)).toBe(true);
    expect(await recorded('a')).toEqual([[true, null]]);
  });

  test('does not call out what an operation has stopped on purpose', async () => {
    const { cloud, store, answers, observe, said, recorded, idOf } = await withClients(['a']);
    await run(cloud, 'a', idOf('a'));
    await observe();
    const operationId = newId();
    const clientId = idOf('a');
    const kind: OperationKind = 'client.reboot';
    const common = { clientId, operationId, cause };
    const begin = { type: 'begin_operation', operationId, kind } as const;
    await decideOnClient(store, { ...common, key: 'begin', command: begin });
    answers.set('a', null);
    await observe();
    expect({ said: said(), recorded: await recorded('a') }).toEqual({
      said: { a: true },
      recorded: [[true, null]],
    });
    const end = { type: 'end_operation', operationId, status: 'error' } as const;
    await decideOnClient(store, { ...common, key: 'end', command: end });
    await observe();
    expect(await recorded('a')).toEqual([
      [true, null],
      [false, 'no answer'],
    ]);
  });

  test('comes to all pages of clients', async () => {
    const { observe, said } = await withClients(Array.from({ length: 201 }, (_, index) => `c${index}`));
    await observe();
    expect(Object.keys(said())).toHaveLength(201);
  });
});

const observing = async (deps: ObservationDeps, story: () => Promise<void>): Promise<void> => {
  const observer = createAvailabilityReconciler(deps);
  observer.start();
  try {
    await story();
  } finally {
    await observer.stop();
  }
};

describe('the observer', () => {
  test('looks at once at what a name means that was given to another image', async () => {
    const { deps, cloud, saidOfImages } = await withClients(['a']);
    await observing(deps, async () => {
      await eventually('the first look', () => saidOfImages() !== undefined);
      nameImage(cloud.engine, 'i', { id: 'sha256:built-anew', labels: {}, user: '' });
      const images = [{ reference: 'i', id: 'sha256:built-anew' }];
      await eventually('the new meaning', () =>
        isDeepStrictEqual((saidOfImages() as ImagesObservation).images, images),
      );
    });
  });

  test('looks at once at a client whose container something has happened to', async () => {
    const { deps, cloud, answers, recorded, idOf } = await withClients(['a', 'b']);
    await run(cloud, 'a', idOf('a'));
    await observing(deps, async () => {
      await eventually('the first look', async () => (await recorded('a')).length === 1);
      answers.set('a', ill('a', 502));
      answers.set('b', ill('b', 502));
      await cloud.docker.stopContainer('alfa-a');
      await eventually('the end of the container', async () => (await recorded('a')).length === 2);
      answers.set('a', ok('a'));
      await cloud.docker.startContainer('alfa-a');
      await eventually('the start of the container', async () => (await recorded('a')).length === 3);
      expect(await recorded('a')).toEqual([
        [true, null],
        [false, 'container exited with code 0'],
        [true, null],
      ]);
      // Nothing has happened to this one, and its turn comes with the next round.
      expect(await recorded('b')).toEqual([[true, null]]);
    });
  });

  test('looks at once at a client whose container, or whose proxy, was detached from its network', async () => {
    const { deps, cloud, answers, recorded, idOf } = await withClients(['a', 'b']);
    const labels = { 'cloud.alfa.managed': 'true', 'cloud.alfa.client': idOf('a') };
    await run(cloud, 'a', idOf('a'));
    await cloud.docker.createNetwork('alfa-a', { labels });
    await cloud.docker.connectNetwork('alfa-a', 'alfa-a');
    const proxy = cloud.engine.containers.get('alfa-a');
    if (proxy === undefined) throw new Error('no container');
    const spec = { ...proxy.spec, labels: { 'cloud.alfa.managed': 'true' } };
    cloud.engine.containers.set('alfa-proxy', { ...proxy, spec, networks: new Map(proxy.networks) });
    await observing(deps, async () => {
      await eventually('the first look', async () => (await recorded('a')).length === 1);
      answers.set('a', ill('a', 502));
      answers.set('b', ill('b', 502));
      await cloud.docker.disconnectNetwork('alfa-a', 'alfa-a');
      await eventually('the outage', async () => (await recorded('a')).length === 2);
      answers.set('a', ok('a'));
      await cloud.docker.connectNetwork('alfa-a', 'alfa-a');
      await eventually('the way back', async () => (await recorded('a')).length === 3);
      answers.set('a', ill('a', 502));
      await cloud.docker.disconnectNetwork('alfa-a', 'alfa-proxy');
      await eventually('the second outage', async () => (await recorded('a')).length === 4);
      // Nothing has happened to this one, and its turn comes with the next round.
      expect(await recorded('b')).toEqual([[true, null]]);
    });
  });

  test('goes on looking at clients that do not answer yet when their server is back', async () => {
    const { deps, cloud, answers, asked, recorded, idOf } = await withClients(['a']);
    await run(cloud, 'a', idOf('a'));
    await observing(deps, async () => {
      await eventually('the first look', async () => (await recorded('a')).length === 1);
      const away = new CloudServerError('transient', 'docker_unreachable', message`away`);
      cloud.engine.outage = away;
      answers.set('a', null);
      for (const follower of cloud.engine.followers) follower.cut(away);
      await eventually('the outage', async () => (await recorded('a')).length === 2);
      cloud.engine.outage = null;
      answers.set('a', ill('a', 502));
      await eventually('the server, without its client', async () => (await recorded('a')).length === 3);
      const before = asked.length;
      await eventually('another look', () => asked.length > before);
      answers.set('a', ok('a'));
      await eventually('the client', async () => (await recorded('a')).length === 4);
      expect((await recorded('a')).map(([available]) => available)).toEqual([true, null, false, true]);
    });
  });

  test('looks at all clients of a server whose events it can not hear, and hears them again afterwards', async () => {
    const { deps, cloud, answers, recorded, idOf } = await withClients(['a']);
    await run(cloud, 'a', idOf('a'));
    await observing(deps, async () => {
      await eventually('the first look', async () => (await recorded('a')).length === 1);
      const away = new CloudServerError('transient', 'docker_unreachable', message`away`);
      cloud.engine.outage = away;
      answers.set('a', null);
      for (const follower of cloud.engine.followers) follower.cut(away);
      await eventually('the outage', async () => (await recorded('a')).length === 2);
      cloud.engine.outage = null;
      answers.set('a', ok('a'));
      await eventually('the way back', async () => (await recorded('a')).length === 3);
      expect((await recorded('a')).map(([available]) => available)).toEqual([true, null, true]);
      expect(cloud.engine.followers.size).toBe(1);
    });
    expect(cloud.engine.followers.size).toBe(0);
  });
});
