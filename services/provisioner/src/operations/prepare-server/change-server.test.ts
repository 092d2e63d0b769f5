import { afterEach, describe, expect, test } from '@jest/globals';
import { newId, streams, type ClientEvent, type CommandData, type ServerEvent } from '@alfa-cloud/contracts';
import { fold } from '@alfa-cloud/event-sourcing';
import { label, serverDecider } from '@alfa-cloud/servers';
import { fakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';
import { inventory } from '../../resources/inventory.ts';
import { createPlaces } from '../../domain/places.ts';
import { reserve } from '../../domain/reservations.ts';
import { recordOnServer } from '../../reconcilers/record.ts';

afterEach(stopRigs);

const start = async (data: Partial<CommandData<'RegisterServer'>> = {}) => {
  const cloud = fakeLaboratory();
  const rig = await startRig({ cloud });
  const registration = rig.registration(data);
  await rig.send(registration);
  const { serverId } = registration.data;
  const change = async (changes: Omit<CommandData<'ChangeServer'>, 'serverId'>) => {
    const command = commandOf('ChangeServer', { serverId, ...changes });
    const { reply } = await rig.send(command);
    return { command, reply, end: (await rig.eventsOf(operationIdOf(command))).at(-1) };
  };
  const remove = async () => (await rig.send(commandOf('RemoveServer', { serverId }))).reply;
  const state = async () =>
    fold(serverDecider, (await rig.store.read<ServerEvent>(streams.server(serverId))).events);
  return { cloud, rig, serverId, change, remove, state };
};
type Started = Awaited<ReturnType<typeof start>>;

const accepted = (ids: Record<string, unknown>) => ({ outcome: 'accepted', ids });
const rejected = (code: string, more: object = {}) => ({
  outcome: 'rejected',
  faults: [expect.objectContaining({ code, ...more })],
});
const cause = { commandId: newId(), correlationId: 'test', causationId: 'test', actor: 'test' };

/** Somebody whose creation was requested and has not ended. */
const withClient = async ({ rig, serverId }: Started) => {
  const id = newId();
  const { personal, ...data } = (await rig.creation(serverId, { clientId: id })).data;
  const event: ClientEvent = {
    type: 'ClientCreationRequested',
    data: { ...data, serverId, operationId: id, personal, secrets: personal },
  };
  const server = { id: serverId, name: 'x', capacity: { clients: 1 } };
  const places = createPlaces({ store: rig.store, count: async () => [] });
  expect(await places.reservePlace({ server, clientId: id, operationId: id }, cause)).toBeNull();
  await rig.store.append(streams.client(id), [{ id, event }], { expectedRevision: 'no_stream', cause });
};

describe('changing a server', () => {
  test('what was not prepared changes at once, without an operation, clients or not', async () => {
    const started = await start();
    await withClient(started);
    const { serverId, change, state } = started;
    const { reply, end } = await change({ name: 'Second', active: false, capacity: { clients: 3 } });
    expect(reply).toMatchObject(accepted({ serverId }));
    expect(reply).not.toHaveProperty('ids.operationId');
    expect(end).toBeUndefined();
    expect(await state()).toMatchObject({
      status: 'ready',
      server: { name: 'Second', active: false, capacity: { clients: 3 }, domain: 'lab.test' },
    });
  });

  test('what is so already is no change', async () => {
    const { rig, change } = await start();
    const before = rig.store.all().length;
    expect((await change({ name: 'Test server', proxy: { httpPort: 8080 } })).reply?.outcome).toBe(
      'accepted',
    );
    expect(
      rig.store
        .all()
        .slice(before)
        .map(({ type }) => type),
    ).toEqual([]);
  });

  test('another port prepares it again and replaces the proxy; the volume of the first preparation stays', async () => {
    const { cloud, serverId, change, state } = await start();
    const volume = cloud.engine.volumes.get('alfa-database');
    const { command, reply, end } = await change({ proxy: { httpPort: 8081 } });
    const operationId = operationIdOf(command);
    expect(reply).toMatchObject(accepted({ serverId, operationId }));
    expect(end?.type).toBe('OperationSucceeded');
    expect(await state()).toMatchObject({
      status: 'ready',
      server: { operationId, proxy: { httpPort: 8081 } },
    });
    expect(await inventory(cloud)).toMatchObject({ containers: ['alfa-database', 'alfa-proxy'] });
    const proxy = await cloud.docker.container('alfa-proxy');
    expect(proxy?.labels[label.operation]).toBe(operationId);
    expect(cloud.engine.volumes.get('alfa-database')).toBe(volume);
  });

  test('is refused attribute by attribute while clients live there', async () => {
    const started = await start();
    await withClient(started);
    const { reply } = await started.change({
      domain: 'other.test',
      proxy: { httpPort: 8081 },
      name: 'Other',
    });
    expect(reply).toMatchObject({
      outcome: 'rejected',
      faults: [
        { code: 'server_has_clients', pointer: '/data/attributes/domain', meta: { clients: 1 } },
        { code: 'server_has_clients', pointer: '/data/attributes/proxy' },
      ],
    });
    expect(await started.state()).toMatchObject({ status: 'ready', server: { name: 'Test server' } });
  });

  test('a server that failed is prepared again by any change, an empty one as well', async () => {
    const { cloud, change, state, rig } = await start({ name: 'Fresh' });
    cloud.measurements.diskFreeBytes = 1024;
    expect((await change({ domain: 'other.test' })).end?.type).toBe('OperationFailed');
    expect(await state()).toMatchObject({ status: 'failed' });
    expect(await inventory(cloud)).toMatchObject({ volumes: ['alfa-database'], networks: ['alfa'] });
    cloud.measurements.diskFreeBytes = 100 * 1024 ** 3;
    expect((await change({})).end?.type).toBe('OperationSucceeded');
    expect(await state()).toMatchObject({ status: 'ready', server: { domain: 'other.test' } });
    const other = await rig.send(rig.registration({ name: 'FRESH' }));
    expect(other.reply).toMatchObject(rejected('server_name_taken'));
  });

  test('a new name is its own, the former one is free, and somebody else’s is refused', async () => {
    const { rig, change } = await start({ name: 'One' });
    expect((await change({ name: 'ONE' })).reply?.outcome).toBe('accepted');
    expect((await change({ name: 'Two' })).reply?.outcome).toBe('accepted');
    expect((await change({ name: 'One' })).reply?.outcome).toBe('accepted');
    expect((await rig.send(rig.registration({ name: 'one' }))).reply).toMatchObject(
      rejected('server_name_taken'),
    );
    await reserve(rig.store, { scope: 'server', name: 'two', holderId: newId() }, cause);
    expect((await change({ name: 'two' })).reply).toMatchObject(
      rejected('server_name_taken', { pointer: '/data/attributes/name' }),
    );
  });

  test('the same command again has no further effect', async () => {
    const { rig, change, state } = await start();
    const { command, reply } = await change({ proxy: { httpPort: 8081 } });
    await change({ proxy: { httpPort: 8082 } });
    const before = rig.store.all().length;
    expect((await rig.send(command)).reply).toMatchObject({
      outcome: 'accepted',
      ids: reply && 'ids' in reply ? reply.ids : {},
    });
    expect(rig.store.all()).toHaveLength(before);
    expect(await state()).toMatchObject({ server: { proxy: { httpPort: 8082 } } });
  });

  test('unknown server', async () => {
    const { rig } = await start();
    const unknown = commandOf('ChangeServer', { serverId: newId(), name: 'x' });
    expect((await rig.send(unknown)).reply).toMatchObject(rejected('not_found'));
  });
});

describe('removing a server', () => {
  test('forgets it: name free, key destroyed, what stands there stays', async () => {
    const { cloud, rig, serverId, remove, change, state } = await start({ name: 'Gone' });
    const standing = await inventory(cloud);
    const before = await state();
    expect(await remove()).toMatchObject(accepted({ serverId }));
    expect(await state()).toMatchObject({ status: 'removed' });
    expect(await inventory(cloud)).toEqual(standing);
    const sealed = before.status === 'ready' ? before.server.secrets : '';
    await expect(rig.vault.open(sealed)).rejects.toMatchObject({ name: 'KeyDestroyed' });
    expect(await remove()).toMatchObject(rejected('gone'));
    expect((await change({ name: 'x' })).reply).toMatchObject(rejected('gone'));
    expect((await rig.send(await rig.creation(serverId))).reply).toMatchObject(rejected('server_unknown'));
    const again = await rig.send(rig.registration({ name: 'gone' }));
    expect(again.reply?.outcome).toBe('accepted');
  });

  test('is refused while clients live there', async () => {
    const started = await start();
    await withClient(started);
    expect(await started.remove()).toMatchObject(rejected('server_has_clients', { meta: { clients: 1 } }));
    expect(await started.state()).toMatchObject({ status: 'ready' });
  });

  test('and refused for another reason, it takes clients as before', async () => {
    const { rig, serverId, remove } = await start();
    const command = { type: 'begin_reboot', operationId: newId() } as const;
    await recordOnServer(rig.store, serverId, command);
    expect(await remove()).toMatchObject(rejected('operation_in_progress'));
    await recordOnServer(rig.store, serverId, { ...command, type: 'fail_reboot', code: 'x', reason: 'x' });
    expect((await rig.send(await rig.creation(serverId))).reply?.outcome).toBe('accepted');
  });

  test('that fails again and again leaves a server that takes clients', async () => {
    const { rig, serverId } = await start();
    await createPlaces({ store: rig.store, count: async () => [] }).close(serverId, cause);
    const refused = await rig.send(await rig.creation(serverId));
    expect(refused.reply).toMatchObject(rejected('server_unknown'));
    const command = commandOf('RemoveServer', { serverId });
    await rig.endPoison({ subject: 's', sequence: 1, command, faults: [] });
    expect((await rig.send(await rig.creation(serverId))).reply?.outcome).toBe('accepted');
  });
});

test('nothing is decided about a server that is being prepared', () => {
  const operationId = newId();
  const server = { id: newId(), operationId } as never;
  const state = {
    status: 'preparing',
    server,
    health: null,
    wasReady: false,
    alerts: [],
    refusedHostKey: null,
    engineId: null,
    reboot: null,
    draining: null,
  } as const;
  const change = { type: 'change', operationId: newId(), changes: {}, clients: 0 } as const;
  const prepare = { type: 'prepare', operationId: newId() } as const;
  for (const command of [change, { type: 'remove', clients: 0 } as const, prepare]) {
    expect(() => serverDecider.decide(command, state)).toThrow('operation_in_progress');
  }
  const failure = { type: 'fail_preparation', code: 'x', reason: 'x', stands: false } as const;
  const other = { ...failure, operationId: newId() };
  expect(serverDecider.decide(other, state)).toEqual([]);
});
