import { afterEach, describe, expect, test } from '@jest/globals';
import { withEffectHooks } from '@alfa-cloud/cloud-server/testing';
import {
  deriveId,
  newId,
  streams,
  type ClientEvent,
  type Command,
  type CommandData,
  type CommandName,
} from '@alfa-cloud/contracts';
import { createLogger } from '@alfa-cloud/service-kit';
import { fakeLaboratory, type FakeLaboratoryOptions } from '../../../test/fake-laboratory.ts';
import { commandOf, operationIdOf, startRig, stopRigs, type RigOptions } from '../../../test/rig.ts';
import { inventory } from '../../on-server/inventory.ts';
import { holderOf } from '../../reservations.ts';
import { createOperationRunner } from '../../operations/run-to-end.ts';
import { loadServer } from '../../load.ts';
import { deploy } from '../actions/deploy.ts';
import { runClientOperation } from '../client-operation.ts';
import { makeServerProxyTrue } from './server-proxy.ts';

afterEach(stopRigs);

const host = 'first.lab.test';
const settings = {
  storagePath: '/app/storage',
  steadyMs: 1,
  healthMs: 20,
  reachableMs: 20,
  observeMs: 20,
};

/** A client on a server that has further images, whose visitors are asked at every effect what they get. */
const withClient = async (
  options: FakeLaboratoryOptions = {},
  more: Partial<RigOptions> & { data?: Partial<CommandData<'CreateClient'>> } = {},
) => {
  const cloud = fakeLaboratory(options);
  for (const tag of ['2', 'unhealthy']) {
    const reference = `alfa/client:${tag}`;
    cloud.engine.images.set(reference, { id: `sha256:${reference}`, labels: {}, user: '33:33' });
  }
  const seen = new Set<number>();
  const visit = async () => {
    const vhost = cloud.hosts.get(host);
    if (vhost !== undefined) seen.add((await cloud.get({ port: 8080, host, path: '/' })).status);
  };
  const watched = withEffectHooks(cloud, { before: visit, after: visit });
  const rig = await startRig({ cloud: watched, creation: settings, ...more });
  const registration = rig.registration();
  await rig.send(registration);
  const creation = await rig.creation(registration.data.serverId, more.data);
  await rig.send(creation);
  const { clientId } = creation.data;
  const world = await inventory(cloud);
  seen.clear();
  const events = async () => (await rig.store.read<ClientEvent>(streams.client(clientId))).events;
  const endOf = async (command: { id: string }) => (await rig.eventsOf(operationIdOf(command))).at(-1);
  return {
    rig,
    cloud,
    clientId,
    creation,
    world,
    seen,
    serverId: registration.data.serverId,
    events,
    endOf,
    container: () => cloud.engine.containers.get('alfa-first'),
    succeed: async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
      const { reply, error } = await rig.send(command);
      expect({ reply, error }).toMatchObject({ reply: { outcome: 'accepted' }, error: null });
      const end = await endOf(command);
      if (end?.type !== 'OperationSucceeded') throw new Error(await rig.story(operationIdOf(command)));
      return end.data.result;
    },
    fail: async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
      await rig.send(command);
      const end = await endOf(command);
      if (end?.type !== 'OperationFailed') throw new Error(await rig.story(operationIdOf(command)));
      return end.data;
    },
    refusal: async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
      const { reply } = await rig.send(command);
      return reply?.outcome === 'rejected' ? reply.faults : reply?.outcome;
    },
    typesOf: async (command: { id: string }) =>
      (await events()).flatMap(({ type, data }) =>
        'operationId' in data && data.operationId === operationIdOf(command) ? [type] : [],
      ),
  };
};

const isUnhealthy = { health: (container: string) => (container === 'alfa-first.next' ? 500 : 200) };

describe('a switch', () => {
  test('leads visitors to the new image without a moment in between', async () => {
    const { cloud, clientId, succeed, typesOf, container, seen, world, events } = await withClient();
    const before = container();
    const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
    expect(await succeed(command)).toMatchObject({ image: 'alfa/client:2', previousImage: 'alfa/client:1' });
    expect(container()).toMatchObject({ spec: { image: 'alfa/client:2' }, status: 'running' });
    expect(container()?.id).not.toBe(before?.id);
    expect(cloud.hosts.get(host)?.upstream).toBe(`${operationIdOf(command)}.alfa`);
    expect([...seen]).toEqual([200]);
    expect(await inventory(cloud)).toEqual(world);
    expect(await typesOf(command)).toEqual([
      'ClientOperationBegun',
      'ClientImageSwitched',
      'ClientOperationEnded',
    ]);
    expect((await events()).find(({ type }) => type === 'ClientImageSwitched')?.data).toMatchObject({
      from: 'alfa/client:1',
      to: 'alfa/client:2',
      imageId: 'sha256:alfa/client:2',
    });
  });

  test('to an image that does not become healthy leaves the old container serving', async () => {
    const { cloud, clientId, fail, typesOf, container, seen, world } = await withClient({
      ...isUnhealthy,
      lastLines: (name) => (name === 'alfa-first.next' ? 'licence expired\n' : ''),
    });
    const before = { ...container() };
    const upstream = cloud.hosts.get(host)?.upstream;
    const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:unhealthy' });
    const { cause, leftovers } = await fail(command);
    expect(cause).toMatchObject({ code: 'rolled_back', step: 'healthy' });
    expect(cause.reason).toMatch(
      /did not become healthy.*Last lines of container alfa-first.next:\nlicence expired/s,
    );
    expect(leftovers).toEqual([]);
    expect(container()).toEqual(before);
    expect(cloud.hosts.get(host)?.upstream).toBe(upstream);
    expect([...seen]).toEqual([200]);
    expect(await inventory(cloud)).toEqual(world);
    expect(await typesOf(command)).toEqual(['ClientOperationBegun', 'ClientOperationEnded']);
  });

  test('to an image that falls ill under observation leads visitors back', async () => {
    let looks = 0;
    const { cloud, clientId, fail, container, seen, world } = await withClient({
      health(name, host) {
        if (name !== 'alfa-first.next' || host !== 'health.alfa.internal') return 200;
        looks += 1;
        return looks > 2 ? 503 : 200;
      },
    });
    const before = { ...container() };
    const upstream = cloud.hosts.get(host)?.upstream;
    const { cause, leftovers } = await fail(
      commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }),
    );
    expect(cause).toMatchObject({ code: 'rolled_back', step: 'observe' });
    expect(cause.reason).toContain('/healthz answered 503');
    expect(leftovers).toEqual([]);
    expect(container()).toEqual(before);
    expect(cloud.hosts.get(host)?.upstream).toBe(upstream);
    expect([...seen]).toEqual([200]);
    expect(await inventory(cloud)).toEqual(world);
  });

  test('is refused for an image that is not there or in use', async () => {
    const { clientId, refusal } = await withClient();
    const to = (targetImage: string) => commandOf('SwitchImage', { clientId, targetImage });
    expect(await refusal(to('alfa/client:1'))).toMatchObject([
      { code: 'image_in_use', parameter: 'targetImage' },
    ]);
    expect(await refusal(to('alfa/client:9'))).toMatchObject([
      { code: 'image_not_on_server', parameter: 'targetImage' },
    ]);
    expect(await refusal(commandOf('RollBackImage', { clientId }))).toMatchObject([
      { code: 'client_has_no_previous_image' },
    ]);
  });

  test('goes on over what an earlier one could not take back, and over nobody else', async () => {
    const { cloud, clientId, succeed, fail } = await withClient();
    const mine = cloud.engine.containers.get('alfa-first');
    if (mine === undefined) throw new Error('no container');
    const stranger = { ...mine, id: 'stranger', spec: { ...mine.spec, aliases: [], labels: {} } };
    cloud.engine.containers.set('alfa-first.next', stranger);
    const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
    expect(await fail(command)).toMatchObject({ cause: { step: 'next' } });
    expect(cloud.engine.containers.get('alfa-first.next')).toBe(stranger);
    cloud.engine.containers.set('alfa-first.next', { ...mine, id: 'leftover' });
    await succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
    expect(cloud.engine.containers.has('alfa-first.next')).toBe(false);
  });

  test('that is cancelled before the old container goes leaves it serving', async () => {
    let cancel = async () => {};
    const { rig, cloud, clientId, endOf, world, container } = await withClient(
      {},
      {
        observer: async ({ step, phase }) =>
          step === 'reachable' && phase === 'completed' ? cancel() : undefined,
      },
    );
    const before = { ...container() };
    const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
    cancel = async () => {
      await rig.send(commandOf('CancelOperation', { operationId: operationIdOf(command) }));
    };
    await rig.send(command);
    expect(await endOf(command)).toMatchObject({ type: 'OperationCancelled', data: { leftovers: [] } });
    expect(container()).toEqual(before);
    expect(await inventory(cloud)).toEqual(world);
  });

  test('is not undone by a change of the last day at the same time', async () => {
    let change = async () => {};
    const { rig, cloud, clientId, succeed } = await withClient(
      {},
      {
        observer: async ({ step, phase }) =>
          step === 'observe' && phase === 'started' ? change() : undefined,
      },
    );
    const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
    const upstream = `${operationIdOf(command)}.alfa`;
    let meanwhile: string | undefined;
    change = async () => {
      change = async () => {};
      await rig.send(
        commandOf('ChangeExpireDate', { clientId, expireDate: '2020-01-01', reason: 'left', confirm: true }),
      );
      meanwhile = cloud.hosts.get(host)?.upstream;
    };
    await succeed(command);
    expect(meanwhile).toBe(upstream);
    expect(cloud.hosts.get(host)).toMatchObject({ upstream, page: { status: 403 } });
  });
});

test('a rollback leads to the image before, and a second one back again', async () => {
  const { clientId, succeed, container } = await withClient();
  await succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
  expect(await succeed(commandOf('RollBackImage', { clientId }))).toMatchObject({
    image: 'alfa/client:1',
    previousImage: 'alfa/client:2',
  });
  expect(container()?.spec.image).toBe('alfa/client:1');
  await succeed(commandOf('RollBackImage', { clientId }));
  expect(container()?.spec.image).toBe('alfa/client:2');
});

describe('a change of attributes', () => {
  test('of limits replaces the container by one that has them', async () => {
    const { cloud, clientId, succeed, container, typesOf, seen, world } = await withClient();
    const command = commandOf('ChangeClient', { clientId, limits: { memoryMb: 333 } });
    expect(await succeed(command)).toMatchObject({ replaced: true });
    expect(container()?.spec.limits).toEqual({ memoryMb: 333, cpus: 1, pids: 64 });
    expect(await typesOf(command)).toEqual([
      'ClientOperationBegun',
      'ClientChanged',
      'ClientContainerReplaced',
      'ClientOperationEnded',
    ]);
    expect([...seen]).toEqual([200]);
    expect(await inventory(cloud)).toEqual(world);
  });

  test('of the name reaches the variables of the application, and no event in clear', async () => {
    const { rig, cloud, clientId, succeed, container } = await withClient();
    const name = 'Лаборатория «Новая»';
    const personal = await rig.vault.seal('transport', JSON.stringify({ name }));
    await succeed(commandOf('ChangeClient', { clientId, personal }));
    expect(container()?.spec.env['APP_NAME']).toBe(name);
    expect(cloud.disk.files.get('clients/first/client.env')?.content).toContain(`APP_NAME=${name}\n`);
    expect(
      JSON.stringify(rig.store.all(), (_key, value: unknown) => (typeof value === 'bigint' ? null : value)),
    ).not.toContain(name);
  });

  test('that the server need not know of works at once, also beside an operation', async () => {
    let change = async () => {};
    const { rig, clientId, events, succeed } = await withClient(
      {},
      {
        observer: async ({ step, phase }) =>
          step === 'restart' && phase === 'started' ? change() : undefined,
      },
    );
    const personal = await rig.vault.seal('transport', JSON.stringify({ notes: 'calls on Mondays' }));
    const command = commandOf('ChangeClient', { clientId, personal });
    let reply: unknown;
    change = async () => {
      ({ reply } = await rig.send(command));
    };
    await succeed(commandOf('RebootClient', { clientId }));
    expect(reply).toMatchObject({ outcome: 'accepted', ids: { clientId } });
    expect(reply).not.toHaveProperty('ids.operationId');
    const changes = async () => (await events()).filter(({ type }) => type === 'ClientChanged');
    expect(await changes()).toMatchObject([{ data: { operationId: null, personalChanged: ['notes'] } }]);
    await rig.send(command);
    await rig.send(commandOf('ChangeClient', { clientId, personal }));
    expect(await changes()).toHaveLength(1);
  });

  test('is refused while an operation runs if the server must know of it', async () => {
    let change = async () => {};
    const { rig, clientId, succeed } = await withClient(
      {},
      {
        observer: async ({ step, phase }) =>
          step === 'restart' && phase === 'started' ? change() : undefined,
      },
    );
    let reply: unknown;
    change = async () => {
      ({ reply } = await rig.send(commandOf('ChangeClient', { clientId, aliases: ['lab.example'] })));
    };
    await succeed(commandOf('RebootClient', { clientId }));
    expect(reply).toMatchObject({ outcome: 'rejected', faults: [{ code: 'operation_in_progress' }] });
    expect(await holderOf(rig.store, { scope: 'host', name: 'lab.example' })).toBe(null);
  });

  test('that fails stays recorded and leaves the old container serving', async () => {
    const { clientId, fail, container, events, seen } = await withClient(isUnhealthy);
    const before = { ...container() };
    const { cause } = await fail(commandOf('ChangeClient', { clientId, limits: { pids: 99 } }));
    expect(cause.code).toBe('rolled_back');
    expect(container()).toEqual(before);
    expect([...seen]).toEqual([200]);
    expect((await events()).map(({ type }) => type)).toContain('ClientChanged');
  });
});

describe('further host names', () => {
  const look = (cloud: ReturnType<typeof fakeLaboratory>, name: string) =>
    cloud.get({ port: 8080, host: name, path: '/' });

  test('answer as the client, without another container, until they are taken away', async () => {
    const { rig, cloud, clientId, succeed, container } = await withClient();
    const before = { ...container() };
    const aliases = ['lab.example', 'www.lab.example'];
    const result = await succeed(commandOf('ChangeClient', { clientId, aliases }));
    expect(result).toMatchObject({ replaced: false });
    for (const name of aliases) {
      expect(await look(cloud, name)).toMatchObject({ status: 200, headers: { 'x-alfa-client': 'first' } });
    }
    expect(container()).toEqual(before);
    await succeed(commandOf('ChangeClient', { clientId, aliases: ['lab.example'] }));
    expect((await look(cloud, 'www.lab.example')).status).toBe(404);
    const holders = aliases.map((name) => holderOf(rig.store, { scope: 'host', name }));
    expect(await Promise.all(holders)).toEqual([clientId, null]);
  });

  test('belong to one client alone, and lie in no server of ours', async () => {
    const { rig, clientId, serverId, refusal, succeed } = await withClient();
    await succeed(commandOf('ChangeClient', { clientId, aliases: ['lab.example'] }));
    const second = await rig.creation(serverId, { slug: 'second' });
    await rig.send(second);
    const wanted = ['new.example', 'lab.example', 'other.lab.test', 'lab.test'];
    const pointerOf = (index: number) => `/data/attributes/aliases/${index}`;
    expect(
      await refusal(commandOf('ChangeClient', { clientId: second.data.clientId, aliases: wanted })),
    ).toMatchObject([1, 2, 3].map((index) => ({ code: 'alias_taken', pointer: pointerOf(index) })));
    expect(await holderOf(rig.store, { scope: 'host', name: 'new.example' })).toBe(null);
    expect(await holderOf(rig.store, { scope: 'host', name: 'lab.example' })).toBe(clientId);
  });
});

describe('a deployment', () => {
  const deployment = async (world: Awaited<ReturnType<typeof withClient>>, force?: boolean) => {
    const { rig, cloud, clientId } = world;
    const { store, vault } = rig;
    const logger = createLogger({ service: 'provisioner', level: 'fatal' });
    const pages = { store, clock: () => new Date(), timeZone: 'UTC' };
    const cloudServers = { of: () => cloud, close: async () => {} };
    const run = createOperationRunner({ store, worker: 'w', logger, perServer: 1 });
    const command = commandOf('DeployClients', {});
    const operationId = deriveId(newId(), 'child');
    const data = { clientId, ...(force === undefined ? {} : { force }) };
    const { signal } = new AbortController();
    const request = { data, operationId, command, signal };
    const end = await runClientOperation(
      { store, vault, cloudServers, run },
      deploy(pages, settings),
      request,
    );
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

  test('replaces a container that was made otherwise', async () => {
    const world = await withClient();
    const { cloud, container, seen } = world;
    const found = container();
    if (found === undefined) throw new Error('no container');
    const labels = { ...found.spec.labels, 'cloud.alfa.plan': 'of an older version' };
    cloud.engine.containers.set('alfa-first', { ...found, spec: { ...found.spec, labels } });
    expect(await deployment(world)).toMatchObject({ replaced: true });
    expect([...seen]).toEqual([]);
    expect(await deployment(world)).toMatchObject({ replaced: false });
  });
});

test('the proxy of a server is made true with one reload', async () => {
  const { rig, cloud, clientId, serverId } = await withClient();
  const { state } = await loadServer(rig.store, serverId);
  if (state.status === 'absent') throw new Error('no server');
  const reloads: string[] = [];
  const counted = withEffectHooks(cloud, {
    before({ name, args: [, request] }) {
      if (name === 'docker.exec') reloads.push((request as { argv: string[] }).argv.join(' '));
    },
  });
  const deps = {
    store: rig.store,
    clock: () => new Date(),
    timeZone: 'UTC',
    cloudServers: { of: () => counted, close: async () => {} },
  };
  const files = ['proxy/conf.d/alfa.conf', 'clients/first/vhost.conf'];
  const before = files.map((path) => cloud.disk.files.get(path)?.content);
  for (const path of files) cloud.disk.files.set(path, { content: '# tampered\n', mode: 0o644 });
  expect(await makeServerProxyTrue(deps, state.server, [clientId, newId()], {})).toBe(2);
  expect(files.map((path) => cloud.disk.files.get(path)?.content)).toEqual(before);
  expect(reloads).toEqual(['nginx -t', 'nginx -s reload']);
  expect(await makeServerProxyTrue(deps, state.server, [clientId], {})).toBe(0);
});
