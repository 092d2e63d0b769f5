import { deriveId, newId, type ServerMonitoring } from '@alfa-cloud/contracts';
import { inMemoryEventStore, type InMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import type { ServerCommand } from '@alfa-cloud/servers';
import { createLogger } from '@alfa-cloud/service-kit';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { recordOnServer } from '../record.ts';
import { finding } from '../server-health/finding.ts';
import { createAlertKeeper, type AlertKeeper } from './alert-keeper.ts';

const facts = {
  dockerVersion: '20.10',
  engineId: 'E',
  operatingSystem: 'Debian',
  architecture: 'x86_64',
  cpus: 2,
  memoryBytes: 1,
};
const ids = ['one', 'two', 'three'].map((name) => deriveId('alerts', name)) as [string, string, string];
const operationOf = (id: string) => deriveId(id, 'operation');
const minute = 60_000;

let now: number;
let store: InMemoryEventStore;
let keeper: AlertKeeper;
const record = (id: string, command: ServerCommand) => recordOnServer(store, id, command);
const start = () => {
  keeper = createAlertKeeper({
    store,
    clock: () => new Date(now),
    logger: createLogger({ service: 'test', level: 'fatal' }),
    config: { afterMs: 2 * minute, diskPercent: 90, memoryPercent: 95, clockMs: 10_000 },
  });
};

beforeEach(async () => {
  now = Date.parse('2026-06-01T12:00:00Z');
  store = inMemoryEventStore();
  start();
  for (const id of ids) {
    await record(id, {
      type: 'register',
      server: {
        id,
        operationId: operationOf(id),
        name: id,
        role: 'production',
        domain: 'alfa.test',
        connection: { kind: 'ssh', host: `${id}.test`, username: 'alfa' },
        active: true,
        capacity: { clients: 10 },
        proxy: { httpPort: 80 },
        secrets: 'v1.transport.c2VhbGVk',
      },
    });
    await record(id, { type: 'become_ready', operationId: operationOf(id), facts });
  }
});

/** What was raised (+) and cleared (-), in its order. */
const told = () =>
  store
    .all()
    .flatMap(({ type, data }) =>
      type.endsWith('AlertRaised') || type.endsWith('AlertCleared')
        ? [`${type.endsWith('Raised') ? '+' : '-'}${(data as { code: string }).code}`]
        : [],
    );

const fullDisk = {
  disks: [{ path: '/srv', usedPercent: 97, freeBytes: 0, inodes: null, inodesFree: null }],
  memoryTotalBytes: null,
  clockOffsetMs: null,
} as unknown as ServerMonitoring;
const emptyDisk = {
  ...fullDisk,
  disks: [{ ...fullDisk.disks?.[0], usedPercent: 10 }],
} as unknown as ServerMonitoring;

const [one, two, three] = ids;
const sampledFor = async (minutes: number, monitoring: ServerMonitoring, id = one) => {
  for (let each = 0; each < minutes; each += 1) {
    await keeper.onSample(id, monitoring);
    now += minute;
  }
};
const away = [finding('engine_unreachable', 'engine', { template: 'It does not answer', values: [] })];
const lookedFor = async (minutes: number, awayIds: readonly string[]) => {
  for (let each = 0; each < minutes; each += 1) {
    for (const id of ids) await keeper.onHealth(id, awayIds.includes(id) ? away : []);
    now += minute;
  }
};

describe('an alert', () => {
  test('is one event when it begins and one when it ends, with what was measured', async () => {
    await sampledFor(6, fullDisk);
    await sampledFor(6, emptyDisk);
    expect(told()).toEqual(['+disk', '-disk']);
    expect(store.all().find(({ type }) => type === 'ServerAlertRaised')?.data).toMatchObject({
      serverId: one,
      about: '/srv',
      since: '2026-06-01T12:00:00.000Z',
      reason: '/srv: 97.0 % are used, 0.0 GiB are free',
    });
  });

  test('outlives a restart without being raised twice, and is cleared by who comes after', async () => {
    await sampledFor(3, fullDisk);
    start();
    await sampledFor(5, fullDisk);
    expect(told()).toEqual(['+disk']);
    start();
    await sampledFor(3, emptyDisk);
    expect(told()).toEqual(['+disk', '-disk']);
  });

  test('of two replicas that see the same is raised once', async () => {
    const first = keeper;
    start();
    for (let each = 0; each < 4; each += 1) {
      await Promise.all([first.onSample(one, fullDisk), keeper.onSample(one, fullDisk)]);
      now += minute;
    }
    expect(told()).toEqual(['+disk']);
  });

  test('is not raised while the server is prepared, nor right after it', async () => {
    await record(one, { type: 'prepare', operationId: newId() });
    await sampledFor(5, fullDisk);
    const { operationId } = (store.all().findLast(({ type }) => type === 'ServerPreparationBegun')?.data ??
      {}) as {
      operationId: string;
    };
    await record(one, { type: 'become_ready', operationId, facts });
    await sampledFor(2, fullDisk);
    expect(told()).toEqual([]);
    await sampledFor(1, fullDisk);
    expect(told()).toEqual(['+disk']);
  });

  test('of a removed server is neither raised nor cleared any more', async () => {
    await sampledFor(3, fullDisk);
    await record(one, { type: 'remove', clients: 0 });
    await sampledFor(5, emptyDisk);
    expect(told()).toEqual(['+disk']);
  });

  test('about clients comes when several of one server are down at once', async () => {
    const down = { slug: 'lab', available: false, isBusy: false };
    for (let each = 0; each < 4; each += 1) {
      await keeper.onClients(one, [down, { ...down, available: true }]);
      await keeper.onClients(two, [down, { ...down, slug: 'other' }]);
      now += minute;
    }
    expect(told()).toEqual(['+clients_down']);
  });
});

describe('servers that do not answer', () => {
  test('are an alert each', async () => {
    await lookedFor(4, [one, two]);
    expect(told()).toEqual(['+unreachable', '+unreachable']);
    await lookedFor(4, []);
    expect(told()).toEqual(['+unreachable', '+unreachable', '-unreachable', '-unreachable']);
  });

  test('are one alert about ourselves when it is all of them', async () => {
    await lookedFor(4, ids);
    expect(told()).toEqual(['+all_unreachable']);
    expect(store.all().findLast(({ type }) => type === 'ControlPlaneAlertRaised')?.data).toMatchObject({
      reason: 'None of 3 servers answers',
    });
    start();
    await lookedFor(3, [three]);
    expect(told()).toEqual(['+all_unreachable', '-all_unreachable', '+unreachable']);
  });

  test('that can not be far away tell nothing about the network', async () => {
    const connection = { kind: 'local' } as const;
    for (const id of [two, three]) {
      await record(id, { type: 'change', operationId: newId(), changes: { connection }, clients: 0 });
    }
    await lookedFor(4, ids);
    expect(told()).toEqual(['+unreachable']);
  });
});
