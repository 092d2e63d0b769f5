import { afterEach, describe, expect, test } from '@jest/globals';
import { newId, type CommandData, type OperationEvent, type ServerView } from '@alfa-cloud/contracts';
import { ownCause } from '@alfa-cloud/operations';
import { loadServer } from '@alfa-cloud/servers';
import { fakeLaboratory, type FakeLaboratory } from '../../test/fake-laboratory.ts';
import { fakeTransfer } from '../../test/moving-servers.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../test/rig.ts';
import { loadClient } from '../domain/load.ts';
import { createPlaces } from '../domain/places.ts';
import { recordOnServer } from '../reconcilers/record.ts';

afterEach(stopRigs);

/** Servers by their names, each a machine of its own, and clients on the first of them. */
const prepared = async (
  servers: Record<string, Partial<CommandData<'RegisterServer'>>>,
  slugs: readonly string[],
) => {
  const labs = new Map<string, FakeLaboratory>();
  const ids = new Map<string, string>();
  const labOf = (id: string): FakeLaboratory => {
    const lab = labs.get(id);
    if (lab === undefined) throw new Error(`There is no server ${id}`);
    return lab;
  };
  // Nobody looks after them meanwhile.
  const view = (id: string) => ({ id, clientCount: 0, status: 'preparing' }) as ServerView;
  const rig = await startRig({
    cloud: fakeLaboratory(),
    cloudOf: labOf,
    transfer: fakeTransfer(labOf),
    creation: inNoTime,
    readModels: { ListServers: async () => ({ result: { items: [...ids.values()].map(view) } }) },
  });
  for (const [name, data] of Object.entries(servers)) {
    const registration = rig.registration({ name, domain: `${name}.test`, ...data });
    const lab = fakeLaboratory();
    lab.engine.info = { ...lab.engine.info, engineId: name };
    labs.set(registration.data.serverId, lab);
    await rig.send(registration);
    ids.set(name, registration.data.serverId);
  }
  const idOf = (name: string) => ids.get(name) ?? '';
  const nameOf = (id: string) => [...ids].find(([, known]) => known === id)?.[0];
  const [first = ''] = ids.keys();
  const clients = new Map<string, string>();
  const create = async (slug: string) => {
    const creation = await rig.creation(idOf(first), { slug });
    const { reply } = await rig.send(creation);
    if (reply?.outcome === 'accepted') clients.set(slug, creation.data.clientId);
    return reply;
  };
  for (const slug of slugs) await create(slug);
  const places = createPlaces({ store: rig.store, count: async () => [] });
  return {
    rig,
    idOf,
    clients,
    create,
    lab: (name: string) => labOf(idOf(name)),
    drain: (data: Partial<CommandData<'DrainServer'>> = {}) =>
      commandOf('DrainServer', { serverId: idOf(first), ...data }),
    plan: async () =>
      (await rig.askQueries.ask('PlanBulk', { kind: 'server.drain', data: { serverId: idOf(first) } }))
        .result,
    /** Where each client lives. */
    homes: async () => {
      const homes: Record<string, string | undefined> = {};
      for (const [slug, id] of clients) {
        const { state } = await loadClient(rig.store, id);
        homes[slug] = state.status === 'absent' ? undefined : nameOf(state.client.serverId);
      }
      return homes;
    },
    endOf: async (command: { id: string }): Promise<OperationEvent | undefined> =>
      (await rig.eventsOf(operationIdOf(command))).at(-1),
    draining: async () => {
      const { state } = await loadServer(rig.store, idOf(first));
      return state.status === 'absent' ? null : state.draining;
    },
    takenOn: async (name: string) => (await places.clientsOn(idOf(name), ownCause())).size,
  };
};

describe('a server that is drained', () => {
  test('gives each client to the server with the lowest share of places taken, and takes none until that is ended', async () => {
    const world = await prepared(
      { old: {}, large: { capacity: { clients: 4 } }, small: { capacity: { clients: 2 } } },
      ['a', 'b', 'c'],
    );
    const { rig, create, drain, homes, draining, idOf } = world;
    const plan = await world.plan();
    expect(plan.clients.map(({ slug, targetServer }) => [slug, targetServer])).toEqual([
      ['a', idOf('large')],
      ['b', idOf('small')],
      ['c', idOf('large')],
    ]);
    expect(plan.clients[1]?.reason).toBe(
      'small has the lowest share of places taken, 0 of 2, among 2 servers',
    );
    expect(await draining()).toBeNull();
    const command = drain();
    expect(await rig.succeed(command)).toMatchObject({ total: 3, ok: 3, skipped: 0, leftTotal: 0, kept: 3 });
    expect(await homes()).toEqual({ a: 'large', b: 'small', c: 'large' });
    expect(await draining()).toEqual({ operationId: operationIdOf(command) });
    expect(await create('d')).toMatchObject({ faults: [{ code: 'server_draining' }] });
    await rig.send(commandOf('EndDraining', { serverId: idOf('old') }));
    expect(await draining()).toBeNull();
    expect(await create('d')).toMatchObject({ outcome: 'accepted' });
  });

  test('and whose clients do not all fit elsewhere ends with those named who stay; a repetition moves them when there is room', async () => {
    const world = await prepared({ old: {}, other: { capacity: { clients: 1 } } }, ['a', 'b']);
    const { rig, drain, homes, endOf, idOf } = world;
    const command = drain();
    await rig.send(command);
    expect(await endOf(command)).toMatchObject({
      type: 'OperationFailed',
      data: {
        cause: {
          code: 'clients_left',
          reason:
            'Clients left on the server: 1. b: No server can take the client. other: it has no place left',
        },
      },
    });
    expect(await homes()).toEqual({ a: 'other', b: 'old' });
    await rig.send(commandOf('ChangeServer', { serverId: idOf('other'), capacity: { clients: 2 } }));
    const retry = commandOf('RetryOperation', { operationId: operationIdOf(command) });
    expect(await rig.succeed(retry)).toMatchObject({ total: 1, ok: 1, leftTotal: 0 });
    expect(await homes()).toEqual({ a: 'other', b: 'other' });
  });

  test('leaves a client whose move fails where it was, serving; a repetition moves it', async () => {
    const world = await prepared({ old: {}, other: {} }, ['a', 'b']);
    const { rig, drain, homes, endOf, lab, takenOn } = world;
    lab('other').database.databases.set('alfa_b', 'made by hand');
    const command = drain();
    await rig.send(command);
    expect(await endOf(command)).toMatchObject({
      type: 'OperationFailed',
      data: { cause: { code: 'children_failed' } },
    });
    expect(await homes()).toEqual({ a: 'other', b: 'old' });
    expect(lab('old').engine.containers.get('alfa-b')?.status).toBe('running');
    expect(lab('old').pageOf('b.old.test')).toBeNull();
    expect(await takenOn('other')).toBe(1);
    lab('other').database.databases.delete('alfa_b');
    await rig.succeed(commandOf('RetryOperation', { operationId: operationIdOf(command) }));
    expect(await homes()).toEqual({ a: 'other', b: 'other' });
  });
});

test('clients of a stage server leave for another one of its role, and for production only where that is full', async () => {
  const stage = { role: 'stage' } as const;
  const world = await prepared(
    { old: stage, production: {}, other: { ...stage, capacity: { clients: 1 } } },
    ['a', 'b'],
  );
  const plan = await world.plan();
  expect(plan.clients.map(({ reason }) => reason?.split('; ').at(-1))).toEqual([
    'servers of role stage come before those of role production',
    'no server of role stage can take the client',
  ]);
  await world.rig.succeed(world.drain());
  expect(await world.homes()).toEqual({ a: 'other', b: 'production' });
});

test('a server is not drained while it is rebooted, or when there is nowhere to go', async () => {
  const { rig, drain, draining, idOf } = await prepared({ alone: {} }, ['a']);
  expect((await rig.send(drain())).reply).toMatchObject({ faults: [{ code: 'no_server_fits' }] });
  expect((await rig.send(drain({ serverId: newId() }))).reply).toMatchObject({
    faults: [{ code: 'not_found' }],
  });
  await recordOnServer(rig.store, idOf('alone'), { type: 'begin_reboot', operationId: newId() });
  expect((await rig.send(drain())).reply).toMatchObject({ faults: [{ code: 'operation_in_progress' }] });
  expect(await draining()).toBeNull();
});

test('an empty server is drained at once, and may then be removed', async () => {
  const { rig, drain, idOf } = await prepared({ empty: {} }, []);
  expect(await rig.succeed(drain())).toMatchObject({ total: 0, leftTotal: 0, kept: 0 });
  const removal = await rig.send(commandOf('RemoveServer', { serverId: idOf('empty') }));
  expect(removal.reply).toMatchObject({ outcome: 'accepted' });
});
