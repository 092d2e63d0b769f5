import { type ClientView, deriveId, message } from '@alfa-cloud/contracts';
import { CloudServerError, type ContainerSpec } from '@alfa-cloud/cloud-server';
import { fakeCloudServer, type FakeCloudServer } from '@alfa-cloud/cloud-server/testing';
import { inMemoryEventStore, type InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { inMemoryFeed, querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { recordOnServer } from '../reconcilers/record.ts';
import { createMonitor, type Monitor } from './monitor.ts';
import { openSampleStore, type SampleStore } from './sample-store.ts';
import { parseDirectorySizes } from './sizes.ts';

const serverId = deriveId('monitor', 'server');
const clientId = deriveId('monitor', 'client');
const operationId = deriveId('monitor', 'operation');
const signal = new AbortController().signal;

const plainSpec: ContainerSpec = {
  image: 'alfa/client:1',
  env: {},
  labels: {},
  network: 'bridge',
  mounts: [],
  ports: [],
  noNewPrivileges: true,
  capabilities: { drop: [], add: [] },
  restart: 'no',
  log: { maxSizeMb: 1, maxFiles: 1 },
};

let now: number;
let store: InMemoryEventStore;
let cloud: FakeCloudServer;
let samples: SampleStore;
let monitor: Monitor;

beforeEach(async () => {
  now = Date.parse('2026-06-01T12:00:00Z');
  store = inMemoryEventStore();
  const exec = () => ({ exitCode: 0, stdout: '2048\talfa_lab\n' });
  cloud = fakeCloudServer({ images: { 'alfa/client:1': {} }, exec });
  samples = openSampleStore(':memory:', () => {});
  const client = { id: clientId, slug: 'lab', limits: { memoryMb: 512, cpus: 1, pids: 100 } } as ClientView;
  monitor = createMonitor({
    store,
    samples,
    feed: inMemoryFeed(),
    queries: querySenderOf({
      ListClients: async () => ({ result: { items: [client], total: 1, servers: [] } }),
    }),
    cloudServers: { of: () => cloud, close: async () => {} },
    clock: () => new Date(now),
    logger: createLogger({ service: 'test', level: 'fatal' }),
    everyMs: 30_000,
  });
  await recordOnServer(store, serverId, {
    type: 'register',
    server: {
      id: serverId,
      operationId,
      name: 'cloud-1',
      role: 'production',
      domain: 'alfa.test',
      connection: { kind: 'local' },
      active: true,
      capacity: { clients: 10 },
      proxy: { httpPort: 80 },
      secrets: 'v1.transport.c2VhbGVk',
    },
  });
});
afterEach(() => samples.close());

/** Lets time pass, in which both processors were used half by users. */
const pass = (seconds: number) => {
  now += seconds * 1000;
  const { measurements } = cloud;
  measurements.uptimeSeconds = (measurements.uptimeSeconds ?? 0) + seconds;
  const { user = 0, idle = 0, ...rest } = measurements.cpuTime ?? {};
  const spent = { user: user + seconds * 100, idle: idle + seconds * 100 };
  measurements.cpuTime = { system: 0, iowait: 0, steal: 0, ...rest, ...spent };
};

describe('a server', () => {
  test('has no rates before its first sample, and those since it afterwards', async () => {
    expect((await monitor.now(serverId)).cpu).toBeNull();
    expect(await monitor.sample(serverId, signal)).toMatchObject({ cpu: null, rateSeconds: null, load: 0.1 });
    pass(30);
    expect(await monitor.now(serverId)).toMatchObject({ cpu: { user: 50, idle: 50 }, rateSeconds: 30 });
    expect(await monitor.sample(serverId, signal)).toMatchObject({ cpu: { user: 50 } });
    expect(await monitor.now(serverId)).toMatchObject({ cpu: { user: 50 }, rateSeconds: 30 });
  });

  test('that was started anew has no rates until the next sample', async () => {
    await monitor.sample(serverId, signal);
    pass(30);
    await monitor.sample(serverId, signal);
    cloud.measurements.bootId = 'another';
    cloud.measurements.uptimeSeconds = 5;
    expect(await monitor.now(serverId)).toMatchObject({ cpu: null, uptimeSeconds: 5 });
  });

  test('tells what is reserved against what there is, and sizes once they were found out', async () => {
    for (const [name, labels] of [
      ['alfa-lab', { 'cloud.alfa.client': clientId }],
      ['alfa-database', {}],
    ] as const) {
      await cloud.docker.createContainer(name, { ...plainSpec, labels });
      await cloud.docker.startContainer(name);
    }
    await cloud.docker.createVolume('alfa-lab-storage', {});
    await monitor.measureSizes(serverId, signal);
    expect(await monitor.now(serverId)).toMatchObject({
      reserved: { clients: 1, memoryBytes: 512 * 1024 ** 2, cpus: 1 },
      capacity: { clients: 10, memoryBytes: 8 * 1024 ** 3, cpus: 2 },
      containers: { running: 2, total: 2, byState: { running: 2 } },
      clients: [{ id: clientId, databaseBytes: 2_097_152, storageBytes: 4096, cpuPercent: null }],
    });
  });

  test('that tells nothing is no sample, which leaves a gap', async () => {
    await monitor.sample(serverId, signal);
    pass(30);
    const nothing = Object.keys(cloud.measurements).map((name) => [name, null]);
    Object.assign(cloud.measurements, Object.fromEntries(nothing));
    cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
    expect(await monitor.sample(serverId, signal)).toBeNull();
    const { series } = await monitor.history(serverId, { from: now - 600_000, to: now + 1 });
    expect(series.find(({ metric }) => metric === 'load')?.avg.filter((value) => value !== null)).toEqual([
      0.1,
    ]);
    expect(
      new Set(
        Object.values({ ...(await monitor.now(serverId)), checkedAt: null, reserved: null, capacity: null }),
      ),
    ).toEqual(new Set([null]));
  });

  test('that was removed is gone, with its samples', async () => {
    await monitor.sample(serverId, signal);
    expect(samples.servers()).toEqual([serverId]);
    await recordOnServer(store, serverId, {
      type: 'fail_preparation',
      operationId,
      code: 'x',
      reason: 'x',
      stands: false,
    });
    await monitor.sweep();
    expect(samples.servers()).toEqual([serverId]);
    await recordOnServer(store, serverId, { type: 'remove', clients: 0 });
    await monitor.sweep();
    expect(samples.servers()).toEqual([]);
    await expect(monitor.newest(serverId)).rejects.toMatchObject({ faults: [{ code: 'gone' }] });
    await expect(monitor.newest(clientId)).rejects.toMatchObject({ faults: [{ code: 'not_found' }] });
  });
});

test('sizes of databases are told under the names that were given to them', () => {
  const text = '4\talfa_lab\n1024\talfa_lab@002dtwo\ndu: cannot read\n';
  expect([...parseDirectorySizes(text)]).toEqual([
    ['alfa_lab', 4096],
    ['alfa_lab-two', 1_048_576],
  ]);
});
