import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { withEffectHooks } from '@alfa-cloud/cloud-server/testing';
import { newId, type Command, type CommandData, type CommandName } from '@alfa-cloud/contracts';
import { inMemoryEventStore } from '@alfa-cloud/event-sourcing/testing';
import { buildAnew, freePort } from '@alfa-cloud/testing';
import { decideOnClient } from '../src/domain/decide-on-client.ts';
import { loadClient } from '../src/domain/load.ts';
import { causeOf } from '@alfa-cloud/operations';
import { listedIn } from './bulk-rig.ts';
import { startRealServer, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig, type Rig } from './rig.ts';

const slugs = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `lab-${letter}`);

let server: RealServer;
let cloud: CloudServer;
let rig: Rig;
let ids: string[];
let reloads = 0;

const endOf = async (operationId: string) => {
  const last = (await rig.eventsOf(operationId)).at(-1);
  if (last?.type === 'OperationSucceeded') return { status: 'ok', ...last.data.result };
  if (last?.type === 'OperationFailed') return { status: 'error', code: last.data.cause.code };
  throw new Error(await rig.story(operationId));
};

const send = async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
  const { reply, error } = await rig.send(command);
  if (reply?.outcome !== 'accepted') throw new Error(JSON.stringify(reply), { cause: error });
  return endOf(operationIdOf(command));
};

beforeAll(async () => {
  server = await startRealServer();
  ({ cloud } = server);
  const store = inMemoryEventStore();
  const watched = withEffectHooks(cloud, {
    before: ({ name, args }) => {
      if (name === 'docker.exec' && args[0] === 'alfa-proxy' && JSON.stringify(args[1]).includes('reload')) {
        reloads += 1;
      }
    },
  });
  rig = await startRig({
    cloud: watched,
    store,
    creation: { observeMs: 500 },
    readModels: listedIn(() => store),
  });
  const registration = rig.registration({ proxy: { httpPort: await freePort() } });
  expect(await send(registration)).toMatchObject({ status: 'ok' });
  const { serverId } = registration.data;
  const creations = await Promise.all(slugs.map((slug) => rig.creation(serverId, { slug })));
  await Promise.all(
    creations.map(async (creation) => expect(await send(creation)).toMatchObject({ status: 'ok' })),
  );
  ids = creations.map(({ data }) => data.clientId);
}, 400_000);

afterAll(() => server?.dispose());

const images = async () =>
  Promise.all(
    slugs.map(
      async (slug) =>
        (await server.engine.docker.getContainer(`alfa-${slug}`).inspect()).Config.Labels[
          'cloud.alfa.image.reference'
        ],
    ),
  );

const containerIds = async () =>
  Promise.all(
    slugs.map(async (slug) => (await server.engine.docker.getContainer(`alfa-${slug}`).inspect()).Id),
  );

test('a switch of all goes on beside the one that fails, and the retry does that one alone', async () => {
  const occupied = await server.engine.docker.createContainer({
    name: 'alfa-lab-c.next',
    Image: 'alfa/client:1',
  });
  const all = commandOf('SwitchAllImages', { targetImage: 'alfa/client:2' });
  expect(await send(all)).toEqual({ status: 'error', code: 'children_failed' });
  const of = (failed: string) => slugs.map((slug) => (slug === 'lab-c' ? failed : 'alfa/client:2'));
  expect(await images()).toEqual(of('alfa/client:1'));
  await occupied.remove();
  const retry = commandOf('RetryOperation', { operationId: operationIdOf(all) });
  expect(await send(retry)).toEqual({ status: 'ok', total: 1, ok: 1, failed: 0, skipped: 0, notBegun: 0 });
  expect(await images()).toEqual(of('alfa/client:2'));
}, 400_000);

test('a migration of all migrates each one, and leaves none in maintenance', async () => {
  expect(await send(commandOf('MigrateAllClients', {}))).toMatchObject({ status: 'ok', ok: slugs.length });
  for (const id of ids) {
    expect((await loadClient(rig.store, id)).state).toMatchObject({ maintenance: null, operation: null });
  }
}, 400_000);

test('a deploy mends all virtual hosts of a server with one reload and replaces no container', async () => {
  const before = await containerIds();
  for (const slug of slugs) {
    const path = `clients/${slug}/vhost.conf`;
    const text = (await cloud.files.read(path)) ?? '';
    await cloud.files.writeAtomic(path, `${text}# touched\n`, { mode: 0o644 });
  }
  reloads = 0;
  expect(await send(commandOf('DeployClients', {}))).toMatchObject({ status: 'ok', ok: slugs.length });
  expect([await containerIds(), reloads]).toEqual([before, 1]);
  expect(await cloud.files.read('clients/lab-a/vhost.conf')).not.toContain('touched');
}, 400_000);

test('a deploy replaces only the container whose configuration differs', async () => {
  const before = await containerIds();
  const [clientId = ''] = ids;
  const cause = causeOf(commandOf('DeployClients', {}));
  const operationId = newId();
  const place = { clientId, operationId, cause };
  const limits = { memoryMb: 300, cpus: 1, pids: 64 };
  // Changed by its record, and never made true on the server.
  await decideOnClient(rig.store, {
    ...place,
    key: 'change',
    command: { type: 'change', operationId, limits },
  });
  await decideOnClient(rig.store, {
    ...place,
    key: 'end',
    command: { type: 'end_operation', operationId, status: 'cancelled' },
  });
  expect(await send(commandOf('DeployClients', {}))).toMatchObject({ status: 'ok', ok: slugs.length });
  const after = await containerIds();
  expect(after.map((id, index) => id === before[index])).toEqual([false, true, true, true, true, true]);
}, 400_000);

test('a switch of all takes those that run from an older image of the same name', async () => {
  const targetImage = 'alfa/client:rolling';
  const build = () =>
    buildAnew(server.engine.docker, { repository: 'alfa/client', tag: 'rolling' }, 'alfa/client:2');
  const [one = '', two = ''] = ids;
  const all = (clientIds: string[]) =>
    send(commandOf('SwitchAllImages', { targetImage, clientIds, canary: 0 }));
  const imageOf = async (id: string) => {
    const { state } = await loadClient(rig.store, id);
    return state.status === 'active' ? state.imageId : null;
  };
  const first = await build();
  expect(await all([one])).toMatchObject({ status: 'ok', ok: 1 });
  expect(await all([one])).toMatchObject({ status: 'ok', total: 0, skipped: 1 });
  expect(await imageOf(one)).toBe(first);
  const second = await build();
  expect(await all([one, two])).toMatchObject({ status: 'ok', ok: 2, skipped: 0 });
  expect(await Promise.all([one, two].map(imageOf))).toEqual([second, second]);
}, 400_000);
