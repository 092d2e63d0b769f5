import { afterEach, describe, expect, test } from '@jest/globals';
import { deriveId, newId } from '@alfa-cloud/contracts';
import { causeOf, createExecutor } from '@alfa-cloud/operations';
import { createLogger } from '@alfa-cloud/service-kit';
import { commandOf, stopRigs } from '../../../test/rig.ts';
import { host, config, withClient } from '../../../test/watched-client.ts';
import { inventory } from '../../resources/inventory.ts';
import { deploy } from './deploy.ts';
import type { OperationsDeps } from '../common/module.ts';
import type { ReplacementConfig } from '../replacement/replacement.ts';

afterEach(stopRigs);

describe('a deployment', () => {
  const deployment = async (
    world: Awaited<ReturnType<typeof withClient>>,
    force?: boolean,
    wanted: ReplacementConfig = config,
  ) => {
    const { rig, clientId } = world;
    const { store, vault } = rig;
    const logger = createLogger({ service: 'provisioner', level: 'fatal' });
    const cloudServers = { of: () => rig.cloud, close: async () => {} };
    const execute = createExecutor({ store, worker: 'w', logger, perServer: 1 });
    const pages = { store, clock: () => new Date(), timeZone: 'UTC' };
    const deps = { ...pages, vault, cloudServers, config: wanted } as unknown as OperationsDeps;
    const command = commandOf('DeployClients', {});
    const operationId = deriveId(newId(), 'child');
    const data = { clientId, ...(force === undefined ? {} : { force }) };
    const { signal } = new AbortController();
    const execution = { data, operationId, command, cause: causeOf(command), signal };
    const end = await execute(deploy.implement(deps), execution);
    if (end.status === 'error') return end.cause;
    if (end.status !== 'ok') throw new Error(await rig.story(operationId));
    const last = (await rig.eventsOf(operationId)).at(-1);
    return last?.type === 'OperationSucceeded' ? last.data.result : null;
  };

  test('leaves a container alone that stands as wanted, unless it is told otherwise', async () => {
    const world = await withClient();
    const { cloud, container } = world;
    const before = { ...container() };
    cloud.disk.files.set('clients/first/client.env', { content: 'TAMPERED=1\n', mode: 0o600 });
    expect(await deployment(world)).toMatchObject({ replaced: false });
    expect(container()).toEqual(before);
    expect(cloud.disk.files.get('clients/first/client.env')?.content).toContain('DB_DATABASE=alfa_first');
    expect(await deployment(world, true)).toMatchObject({ replaced: true });
    expect(container()?.id).not.toBe(before.id);
    expect(await deployment(world)).toMatchObject({ replaced: false });
  });

  type World = Awaited<ReturnType<typeof withClient>>;
  test.each<[string, (world: World) => unknown]>([
    ['detached from its network', ({ cloud }) => cloud.docker.disconnectNetwork('alfa-first', 'alfa-first')],
    [
      'attached without its alias',
      ({ container }) => container()?.networks.set('alfa-first', { aliases: [] }),
    ],
    ['attached elsewhere as well', ({ cloud }) => cloud.docker.connectNetwork('alfa', 'alfa-first')],
    [
      'made from another image than the recorded one',
      ({ container }) => changeOf(container, { imageId: 'sha256:old' }),
    ],
    [
      'given other limits',
      ({ container }) => changeSpec(container, { limits: { memoryMb: 1, cpus: 1, pids: 64 } }),
    ],
    ['given another restart policy', ({ container }) => changeSpec(container, { restart: 'no' })],
    ['made with another variable', ({ container }) => changeSpec(container, { env: { PORT: '1' } })],
    ['made with another mount', ({ container }) => changeSpec(container, { mounts: [] })],
    ['removed', ({ cloud }) => cloud.docker.removeContainer('alfa-first')],
  ])('replaces a container that was %s', async (_what, change) => {
    const world = await withClient();
    await change(world);
    expect(await deployment(world)).toMatchObject({ replaced: true });
    expect([...(world.container()?.networks.keys() ?? [])]).toEqual(['alfa-first']);
    expect(await deployment(world)).toMatchObject({ replaced: false });
  });
  type Container = ReturnType<World['container']>;
  const changeOf = (container: () => Container, changes: Partial<NonNullable<Container>>) =>
    Object.assign(container() ?? {}, changes);
  const changeSpec = (container: () => Container, changes: Partial<NonNullable<Container>['spec']>) => {
    const found = container();
    if (found !== undefined) found.spec = { ...found.spec, ...changes };
  };

  test('attaches proxy and database again to the network of a client', async () => {
    const world = await withClient();
    const { cloud } = world;
    await cloud.docker.disconnectNetwork('alfa-first', 'alfa-proxy');
    await cloud.docker.disconnectNetwork('alfa-first', 'alfa-database');
    expect(await deployment(world)).toMatchObject({ replaced: false });
    for (const name of ['alfa-proxy', 'alfa-database']) {
      expect(cloud.engine.containers.get(name)?.networks.has('alfa-first')).toBe(true);
    }
  });

  test('brings a client over from the network that all clients shared, without a moment in between', async () => {
    const world = await withClient();
    const { cloud, container, seen } = world;
    const found = container();
    const alias = found?.networks.get('alfa-first');
    if (found === undefined || alias === undefined) throw new Error('no container');
    await cloud.docker.connectNetwork('alfa', 'alfa-first', alias);
    for (const name of ['alfa-first', 'alfa-proxy', 'alfa-database']) {
      await cloud.docker.disconnectNetwork('alfa-first', name);
    }
    await cloud.docker.removeNetwork('alfa-first');
    seen.clear();
    expect(await deployment(world)).toMatchObject({ replaced: true });
    expect([...seen]).toEqual([200]);
    expect([...(container()?.networks.keys() ?? [])]).toEqual(['alfa-first']);
    expect(await inventory(cloud)).toEqual(world.world);
  });

  test('moves a client to a network without a way out when that is wanted, and back', async () => {
    const world = await withClient();
    const { cloud } = world;
    const denied = { ...config, network: { ...config.network, outside: false } };
    expect(await deployment(world, false, denied)).toMatchObject({ replaced: true });
    expect([...(world.container()?.networks.keys() ?? [])]).toEqual(['alfa-first.inner']);
    expect(cloud.engine.networks.get('alfa-first.inner')?.internal).toBe(true);
    expect(cloud.engine.networks.has('alfa-first')).toBe(false);
    expect(await deployment(world)).toMatchObject({ replaced: true });
    expect(await inventory(cloud)).toEqual(world.world);
  });

  test('is no success over a client that does not answer', async () => {
    let status = 200;
    const world = await withClient({ health: (_container, asked) => (asked === host ? status : 200) });
    status = 502;
    expect(await deployment(world)).toMatchObject({ code: 'not_reachable', step: 'reachable' });
  });

  test('replaces a container that was made otherwise', async () => {
    const world = await withClient();
    const { cloud, container } = world;
    const found = container();
    if (found === undefined) throw new Error('no container');
    const labels = { ...found.spec.labels, 'cloud.alfa.plan': 'of an older version' };
    cloud.engine.containers.set('alfa-first', { ...found, spec: { ...found.spec, labels } });
    const ownFile = cloud.disk.files.get('proxy/conf.d/alfa.conf');
    cloud.disk.files.set('proxy/conf.d/alfa.conf', { content: '# older\n', mode: 0o644 });
    expect(await deployment(world)).toMatchObject({ replaced: true });
    expect(cloud.disk.files.get('proxy/conf.d/alfa.conf')).toEqual(ownFile);
    expect(await deployment(world)).toMatchObject({ replaced: false });
  });
});
