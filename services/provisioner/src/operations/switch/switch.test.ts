import { afterEach, describe, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { withEffectHooks } from '@alfa-cloud/cloud-server/testing';
import { type ClientView, message, newId } from '@alfa-cloud/contracts';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { loadServer } from '@alfa-cloud/servers';
import { createLogger } from '@alfa-cloud/service-kit';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';
import { host, isUnhealthy, withClient } from '../../../test/watched-client.ts';
import { inventory } from '../../resources/inventory.ts';
import { loadClient } from '../../domain/load.ts';
import { createPageReconciler } from '../../reconcilers/pages/pages.ts';
import { reconcileProxy } from '../../resources/server/reconcile-proxy.ts';

afterEach(stopRigs);

const idOf = (tag: string) => ({ reference: `alfa/client:${tag}`, id: `sha256:alfa/client:${tag}` });

describe('a switch', () => {
  test('leads visitors to the new image without a moment in between', async () => {
    const { cloud, clientId, succeed, typesOf, container, seen, world, events } = await withClient();
    const before = container();
    const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
    expect(await succeed(command)).toMatchObject({ image: 'alfa/client:2', previousImage: idOf('1') });
    expect(container()).toMatchObject({ spec: { image: 'sha256:alfa/client:2' }, status: 'running' });
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

describe('once the old container is about to go', () => {
  const refuse = async () => {
    throw new CloudServerError('final', 'docker_refused', message`not today`);
  };

  test('a disk that is full leaves visitors with the new one, and the record says so', async () => {
    let isFull = false;
    const { cloud, clientId, fail, typesOf, container, seen, world } = await withClient(
      {},
      {
        observer: async ({ step, phase }) => {
          if (step === 'rename') isFull = phase === 'started';
        },
      },
    );
    const write = cloud.files.writeAtomic.bind(cloud.files);
    cloud.files.writeAtomic = async (path, content, options) => {
      if (isFull) throw new CloudServerError('final', 'disk_full', message`no space left on the disk`);
      await write(path, content, options);
    };
    const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
    expect(await fail(command)).toMatchObject({
      cause: { code: 'disk_full', step: 'rename' },
      leftovers: [],
    });
    expect(await typesOf(command)).toEqual([
      'ClientOperationBegun',
      'ClientImageSwitched',
      'ClientOperationEnded',
    ]);
    expect(container()?.spec.image).toBe('sha256:alfa/client:2');
    expect(cloud.hosts.get(host)?.upstream).toBe(`${operationIdOf(command)}.alfa`);
    expect([...seen]).toEqual([200]);
    expect(await inventory(cloud)).toEqual(world);
  });

  test.each(['stopContainer', 'removeContainer', 'renameContainer'] as const)(
    'an engine that refuses %s leaves visitors with the new one, and what comes next puts the names right',
    async (method) => {
      const { cloud, clientId, succeed, fail, seen, world } = await withClient();
      const permitted = cloud.docker[method].bind(cloud.docker);
      for (const next of [
        commandOf('RebootClient', { clientId }),
        commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:1' }),
      ]) {
        cloud.docker[method] = refuse;
        const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
        const { cause, leftovers } = await fail(command);
        expect([cause.code, leftovers]).toEqual(['docker_refused', ['retire']]);
        expect(cloud.hosts.get(host)?.upstream).toBe(`${operationIdOf(command)}.alfa`);
        expect(cloud.engine.containers.get('alfa-first.next')).toMatchObject({
          spec: { image: 'sha256:alfa/client:2' },
          status: 'running',
        });
        expect([...seen]).toEqual([200]);
        cloud.docker[method] = permitted;
        await succeed(next);
        seen.clear();
        expect(await inventory(cloud)).toEqual(world);
        expect(cloud.engine.containers.get('alfa-first')?.spec.image).toBe(
          next.name === 'RebootClient' ? 'sha256:alfa/client:2' : 'sha256:alfa/client:1',
        );
        if (next.name === 'RebootClient') await succeed(commandOf('RollBackImage', { clientId }));
      }
    },
  );

  test('a virtual host that somebody has put back in between is made true first', async () => {
    let putBack = async () => {};
    const { cloud, clientId, succeed, seen } = await withClient(
      {},
      {
        observer: async ({ step, phase }) =>
          step === 'observe' && phase === 'completed' ? putBack() : undefined,
      },
    );
    const file = cloud.disk.files.get('clients/first/vhost.conf');
    if (file === undefined) throw new Error('no virtual host');
    putBack = async () => {
      cloud.disk.files.set('clients/first/vhost.conf', file);
      await cloud.docker.exec('alfa-proxy', { argv: ['nginx', '-s', 'reload'] });
    };
    await succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
    expect([...seen]).toEqual([200]);
  });
});

test('a switch of a client whose container is gone makes one, and leaves nothing behind when it fails', async () => {
  let falls = true;
  const { rig, cloud, clientId, world } = await withClient({
    health: (name, asked) => (falls && name === 'alfa-first.next' && asked === host ? 500 : 200),
  });
  const before = cloud.disk.files.get('clients/first/vhost.conf')?.content;
  cloud.engine.containers.delete('alfa-first');
  const failed = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
  await rig.send(failed);
  expect((await rig.eventsOf(operationIdOf(failed))).at(-1)).toMatchObject({
    type: 'OperationFailed',
    data: { cause: { code: 'rolled_back', step: 'reachable' }, leftovers: [] },
  });
  expect(cloud.engine.containers.has('alfa-first.next')).toBe(false);
  expect(cloud.disk.files.get('clients/first/vhost.conf')?.content).toBe(before);
  falls = false;
  await rig.send(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
  expect(await inventory(cloud)).toEqual(world);
});

test('a server that is away while a switch is taken back has its visitors led back afterwards', async () => {
  let isOver = false;
  const { rig, cloud, clientId, serverId, fail, succeed, seen, world } = await withClient(
    {},
    {
      observer: async ({ step, phase }) => {
        if (step !== 'observe' || phase !== 'started' || isOver) return;
        cloud.engine.outage = new CloudServerError('final', 'docker_refused', message`no permission`);
      },
    },
  );
  const command = commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' });
  expect((await fail(command)).leftovers).toEqual(['vhost', 'next']);
  expect(cloud.hosts.get(host)?.upstream).toBe(`${operationIdOf(command)}.alfa`);
  cloud.engine.outage = null;
  const { state } = await loadClient(rig.store, clientId);
  if (state.status !== 'active') throw new Error('no client');
  const view = {
    ...state.client,
    serverId,
    updatedAt: '',
    runningOperationId: null,
  } as unknown as ClientView;
  const pages = createPageReconciler({
    store: rig.store,
    vault: rig.vault,
    clock: () => new Date(),
    timeZone: 'UTC',
    cloudServers: { of: () => cloud, close: async () => {} },
    queries: querySenderOf({
      ListClients: async () => ({ result: { items: [view], total: 1, servers: [] } }),
    }),
    logger: createLogger({ service: 'provisioner', level: 'fatal' }),
    config: { everyMs: 1, parallel: 1 },
  });
  await pages.runOnce();
  expect(cloud.hosts.get(host)?.upstream).toBe(cloud.engine.containers.get('alfa-first')?.spec.aliases?.[0]);
  isOver = true;
  await succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
  expect([...seen]).toEqual([200]);
  expect(await inventory(cloud)).toEqual(world);
});

test('visitors whom an earlier operation could not lead back are led back before its container goes', async () => {
  const { cloud, clientId, succeed, seen } = await withClient();
  const mine = cloud.engine.containers.get('alfa-first');
  const file = cloud.disk.files.get('clients/first/vhost.conf');
  if (mine === undefined || file === undefined) throw new Error('no client');
  const earlier = newId();
  const labels = { ...mine.spec.labels, 'cloud.alfa.operation': earlier };
  const spec = { ...mine.spec, labels, aliases: [`${earlier}.alfa`] };
  const networks = new Map([['alfa-first', { aliases: spec.aliases }]]);
  cloud.engine.containers.set('alfa-first.next', { ...mine, id: 'leftover', spec, networks });
  const content = file.content.replaceAll(/[0-9a-f-]{36}\.alfa/g, `${earlier}.alfa`);
  cloud.disk.files.set('clients/first/vhost.conf', { ...file, content });
  await cloud.docker.exec('alfa-proxy', { argv: ['nginx', '-s', 'reload'] });
  await succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
  expect([...seen]).toEqual([200]);
});

test('a rollback leads to the image before, and a second one back again', async () => {
  const { clientId, succeed, container } = await withClient();
  await succeed(commandOf('SwitchImage', { clientId, targetImage: 'alfa/client:2' }));
  expect(await succeed(commandOf('RollBackImage', { clientId }))).toMatchObject({
    image: 'alfa/client:1',
    previousImage: idOf('2'),
  });
  expect(container()?.spec.image).toBe('sha256:alfa/client:1');
  await succeed(commandOf('RollBackImage', { clientId }));
  expect(container()?.spec.image).toBe('sha256:alfa/client:2');
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
  expect(await reconcileProxy(deps, state.server, [clientId, newId()], {})).toBe(2);
  expect(files.map((path) => cloud.disk.files.get(path)?.content)).toEqual(before);
  expect(reloads).toEqual(['nginx -s reload']);
  expect(await reconcileProxy(deps, state.server, [clientId], {})).toBe(0);
});
