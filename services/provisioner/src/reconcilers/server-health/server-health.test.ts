import { afterEach, describe, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import type { FakeContainer } from '@alfa-cloud/cloud-server/testing';
import { message, newId, type ServerEvent, streams } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { listedIn } from '../../../test/bulk-rig.ts';
import {
  fakeLaboratory,
  type FakeLaboratory,
  type FakeLaboratoryOptions,
} from '../../../test/fake-laboratory.ts';
import { inNoTime, startRig, stopRigs } from '../../../test/rig.ts';
import { watchedServer } from '../../../test/watched-server.ts';
import { ownCause } from '@alfa-cloud/operations';
import { inventory } from '../../resources/inventory.ts';
import { proxyConfiguration } from '../../on-server/proxy-configuration.ts';

afterEach(stopRigs);

const configuration = 'proxy/conf.d/alfa.conf';
const vhost = 'clients/first/vhost.conf';

/** A prepared server with one client. */
const start = async ({ paced = false, ...options }: { paced?: boolean } & FakeLaboratoryOptions = {}) => {
  const cloud = fakeLaboratory(options);
  const store = inMemoryEventStore();
  const clients = listedIn(() => store);
  const rig = await startRig({ cloud, store, creation: inNoTime, readModels: clients });
  const registration = rig.registration();
  const { serverId } = registration.data;
  await rig.succeed(registration);
  await rig.succeed(await rig.creation(serverId));
  const server = watchedServer({ rig, cloud, serverId, queries: querySenderOf(clients), paced });
  expect(await server.look()).toEqual(['ok']);
  return { cloud, rig, serverId, ...server };
};

const containerIn = ({ engine }: FakeLaboratory, name: string): FakeContainer => {
  const container = engine.containers.get(name);
  if (container === undefined) throw new Error(`There is no container ${name}`);
  return container;
};

const write = ({ disk }: FakeLaboratory, path: string, content: string): void =>
  void disk.files.set(path, { content, mode: 0o644 });

const damage = (cloud: FakeLaboratory, path: string): void =>
  write(cloud, path, `${cloud.disk.files.get(path)?.content ?? ''}}\n`);

const stop = (cloud: FakeLaboratory, name: string): void => void (containerIn(cloud, name).status = 'exited');

/** Recreates the container with another variable, as somebody might by hand. */
const changeByHand = (cloud: FakeLaboratory, name: string): void => {
  const container = containerIn(cloud, name);
  container.spec = { ...container.spec, env: { ...container.spec.env, EXTRA: '1' } };
};

const proxyCodes = 'proxy_configuration_changed proxy_configuration_refused';

describe('what differs on a server is recorded and put right', () => {
  test.each<[string, (cloud: FakeLaboratory) => unknown, string[]]>([
    [
      'a stray brace in the configuration of the proxy',
      (cloud) => damage(cloud, configuration),
      [`degraded: ${proxyCodes}`, `mended: ${proxyCodes}`, 'ok'],
    ],
    [
      'the configuration of an older version',
      (cloud) => write(cloud, configuration, '# Made by Alfa Cloud.\n'),
      ['degraded: proxy_configuration_changed', 'mended: proxy_configuration_changed', 'ok'],
    ],
    [
      'its configuration gone',
      (cloud) => cloud.disk.files.delete(configuration),
      ['degraded: proxy_configuration_changed', 'mended: proxy_configuration_changed', 'ok'],
    ],
    [
      'a configuration that was loaded and put back without being loaded',
      async (cloud) => {
        write(cloud, configuration, '# by hand\n');
        await cloud.docker.exec('alfa-proxy', { argv: ['nginx', '-s', 'reload'] });
        write(cloud, configuration, proxyConfiguration());
      },
      ['degraded: proxy_configuration_not_loaded', 'mended: proxy_configuration_not_loaded', 'ok'],
    ],
    [
      'a virtual host for which nginx would not start',
      (cloud) => damage(cloud, vhost),
      ['degraded: proxy_configuration_refused', 'mended: proxy_configuration_refused', 'ok'],
    ],
    [
      'a proxy that has ended because of its configuration and of a virtual host',
      async (cloud) => {
        damage(cloud, configuration);
        damage(cloud, vhost);
        await cloud.docker.stopContainer('alfa-proxy');
        await cloud.docker.startContainer('alfa-proxy');
      },
      [
        'down: proxy_configuration_changed container_not_running proxy_configuration_refused',
        'mended: proxy_configuration_changed container_not_running proxy_configuration_refused',
        'ok',
      ],
    ],
    [
      'a database that was stopped',
      (cloud) => stop(cloud, 'alfa-database'),
      ['down: container_not_running', 'mended: container_not_running', 'ok'],
    ],
    [
      'containers that were removed',
      (cloud) => {
        cloud.engine.containers.delete('alfa-database');
        cloud.engine.containers.delete('alfa-proxy');
      },
      ['down: container_missing', 'mended: container_missing', 'ok'],
    ],
    [
      'a network that was removed',
      (cloud) => {
        cloud.engine.networks.delete('alfa');
        for (const name of ['alfa-database', 'alfa-proxy']) {
          stop(cloud, name);
          containerIn(cloud, name).networks.delete('alfa');
        }
      },
      [
        'down: network_missing container_not_running container_detached',
        'mended: network_missing container_detached container_not_running',
        'ok',
      ],
    ],
    [
      'a container that was detached',
      (cloud) => containerIn(cloud, 'alfa-database').networks.delete('alfa'),
      ['degraded: container_detached', 'mended: container_detached', 'ok'],
    ],
    [
      'a container that was detached from the network of a client',
      (cloud) => containerIn(cloud, 'alfa-proxy').networks.delete('alfa-first'),
      ['degraded: container_detached', 'mended: container_detached', 'ok'],
    ],
    [
      'files and directories gone or changed',
      (cloud) => {
        cloud.disk.files.delete('server.json');
        write(cloud, 'database/secrets/client.cnf', '[client]\n');
        cloud.disk.directories.delete('backups');
      },
      ['degraded: directory_missing file_changed', 'mended: directory_missing file_changed', 'ok'],
    ],
  ])('%s', async (_what, spoil, recorded) => {
    const { cloud, look } = await start();
    const before = await inventory(cloud);
    await spoil(cloud);
    expect(await look()).toEqual(recorded);
    expect(await inventory(cloud)).toEqual(before);
    expect(await look()).toEqual([]);
  });

  test('and the reasons say what was found, without secrets', async () => {
    const { cloud, look, rig } = await start();
    damage(cloud, configuration);
    await look();
    write(cloud, 'database/secrets/root-password', 'CANARY');
    await look();
    const reasons = rig.store
      .all()
      .flatMap(({ type, data }) => (type === 'ServerHealthChanged' ? data.reasons : []))
      .map(({ detail }) => detail);
    expect(reasons).toContain('nginx would not start again: unexpected "}" in /etc/nginx/conf.d/alfa.conf:3');
    expect(JSON.stringify(reasons)).not.toContain('CANARY');
  });
});

describe('a container that ends whenever it is started', () => {
  test('is told with the last lines of its output, once whatever these are', async () => {
    const texts = ['2026-11-25T23:58:00Z old', '2026-11-26T00:00:10Z run before', '2026-11-26T00:01:00Z run'];
    const { cloud, look, reasons } = await start({
      outputLines: (name) =>
        name === 'alfa-database'
          ? texts.map((line) => ({ at: line.slice(0, 20), text: line.slice(21) }))
          : [],
    });
    const database = containerIn(cloud, 'alfa-database');
    Object.assign(database, { status: 'restarting', restartCount: 3, startedAt: '2026-11-26T00:01:00.1Z' });
    cloud.engine.volumes.delete('alfa-database');
    expect(await look()).toEqual(['down: volume_missing container_not_running']);
    const sentence = 'Container alfa-database ends whenever it is started. Last lines of its output:';
    expect((await reasons())[1]).toBe(`${sentence}\nrun before\nrun`);
    texts.push('2026-11-26T00:01:01Z another run');
    expect(await look()).toEqual([]);
  });

  test('is not taken for a running one although it runs at the moment of each look', async () => {
    const { cloud, look, reasons } = await start();
    const proxy = containerIn(cloud, 'alfa-proxy');
    write(cloud, 'proxy/conf.d/extra.conf', 'server { }\n}\n');
    await cloud.docker.stopContainer('alfa-proxy');
    await cloud.docker.startContainer('alfa-proxy');
    let restartCount = 0;
    Object.defineProperty(proxy, 'restartCount', { get: () => (restartCount += 1) });
    Object.defineProperty(proxy, 'status', { get: () => 'running', set: () => {} });
    expect(await look()).toEqual(['down: container_not_running proxy_configuration_refused']);
    expect(await reasons()).toEqual([
      'Container alfa-proxy ends whenever it is started',
      'nginx would not start again: unexpected "}" in /etc/nginx/conf.d/extra.conf:3',
    ]);
  });
});

describe('what could interrupt clients, or is not ours, is named and left alone', () => {
  test.each<[string, (cloud: FakeLaboratory) => void, string[]]>([
    [
      'a container that runs and differs',
      (cloud) => changeByHand(cloud, 'alfa-database'),
      ['degraded: container_differs'],
    ],
    [
      "somebody else's container",
      (cloud) => {
        const container = containerIn(cloud, 'alfa-proxy');
        container.spec = { ...container.spec, labels: {} };
      },
      ['down: container_foreign'],
    ],
    [
      'an engine that is managed by another installation as well',
      (cloud) => {
        cloud.engine.networks.set('alfa', {
          labels: { 'cloud.alfa.server': 'x' },
          internal: false,
          subnets: [],
        });
        damage(cloud, configuration);
      },
      [`degraded: network_foreign ${proxyCodes}`],
    ],
    [
      'a root directory of another server',
      (cloud) => {
        write(cloud, 'server.json', '{"server":"another"}\n');
        damage(cloud, configuration);
      },
      [`degraded: root_foreign ${proxyCodes}`],
    ],
    [
      'a database whose data is gone',
      (cloud) => {
        cloud.engine.containers.delete('alfa-database');
        cloud.engine.volumes.delete('alfa-database');
      },
      ['down: volume_missing container_missing'],
    ],
    [
      "somebody else's file that nginx refuses",
      (cloud) => write(cloud, 'proxy/conf.d/extra.conf', 'server { }\n}\n'),
      ['degraded: proxy_configuration_refused'],
    ],
  ])('%s', async (_what, spoil, recorded) => {
    const { cloud, look } = await start();
    spoil(cloud);
    const before = [new Map(cloud.disk.files), await inventory(cloud)];
    expect(await look()).toEqual(recorded);
    expect([cloud.disk.files, await inventory(cloud)]).toEqual(before);
    expect(await look()).toEqual([]);
  });

  test('a server whose engine is away', async () => {
    const { cloud, look, reasons } = await start();
    cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
    expect(await look()).toEqual(['degraded: engine_unreachable']);
    stop(cloud, 'alfa-proxy');
    expect(await look()).toEqual(['down: engine_unreachable']);
    expect(await reasons()).toEqual(['The Docker Engine does not answer; the proxy does not answer either']);
    cloud.engine.outage = null;
    expect(await look()).toEqual(['down: container_not_running', 'mended: container_not_running', 'ok']);
  });

  test('a server that is being prepared, since its preparation does all that', async () => {
    const { cloud, rig, serverId, look } = await start();
    const stream = streams.server(serverId);
    const operationId = newId();
    const event: ServerEvent = { type: 'ServerPreparationBegun', data: { serverId, operationId } };
    const { revision } = await rig.store.read(stream);
    const expectedRevision = revision ?? 'no_stream';
    await rig.store.append(stream, [{ id: newId(), event }], { expectedRevision, cause: ownCause() });
    damage(cloud, configuration);
    expect(await look()).toEqual([`degraded: ${proxyCodes}`]);
  });
});

test('what breaks again and again is mended after growing pauses', async () => {
  const { cloud, look } = await start({ paced: true });
  stop(cloud, 'alfa-database');
  expect(await look()).toContain('mended: container_not_running');
  stop(cloud, 'alfa-database');
  expect(await look()).toEqual(['down: container_not_running']);
  expect(containerIn(cloud, 'alfa-database').status).toBe('exited');
});

test('every look is told on the live feed, also one that finds nothing new', async () => {
  const { feed, look, serverId } = await start();
  await look();
  expect(feed.published.filter(({ subject }) => subject === 'alfa.observations.servers')).toMatchObject([
    { message: { serverId, health: 'ok' } },
    { message: { serverId, health: 'ok' } },
  ]);
});
