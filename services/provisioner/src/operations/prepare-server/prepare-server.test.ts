import { afterEach, describe, expect, test } from '@jest/globals';
import { newId, streams, type ServerEvent } from '@alfa-cloud/contracts';
import { fold } from '@alfa-cloud/event-sourcing';
import { type OperationObserver, ownCause } from '@alfa-cloud/operations';
import { serverDecider } from '@alfa-cloud/servers';
import { fakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

/** What happens in the middle of a preparation of a server that is ready. */
interface Meanwhile {
  step: string;
  phase: 'started' | 'acted';
  act(started: Started, operationId: string): unknown;
}

const startWith = async (observer: OperationObserver) => {
  const cloud = fakeLaboratory();
  const rig = await startRig({ cloud, creation: inNoTime, observer });
  const registration = rig.registration({ name: 'One' });
  const { serverId } = registration.data;
  await rig.succeed(registration);
  await rig.succeed(await rig.creation(serverId));
  const events = async () => (await rig.store.read<ServerEvent>(streams.server(serverId))).events;
  const idsOf = async () =>
    Promise.all(
      ['alfa-database', 'alfa-proxy'].map(async (name) => (await cloud.docker.container(name))?.id),
    );
  return {
    cloud,
    rig,
    serverId,
    events,
    idsOf,
    command: () => commandOf('PrepareServer', { serverId }),
    state: async () => fold(serverDecider, await events()),
    typesOf: async () => (await events()).map(({ type }) => type),
    endOf: async (command: { id: string }) => (await rig.eventsOf(operationIdOf(command))).at(-1),
  };
};
type Started = Awaited<ReturnType<typeof startWith>>;

const start = async (meanwhile?: Meanwhile): Promise<Started> => {
  let started: Started | null = null;
  started = await startWith(async ({ operationId, step, phase }) => {
    if (started === null || step !== meanwhile?.step || phase !== meanwhile.phase) return;
    await meanwhile.act(started, operationId);
  });
  return started;
};

const refusal = async ({ rig }: Started, command: ReturnType<Started['command']>) => {
  const { reply } = await rig.send(command);
  return reply?.outcome === 'rejected' ? reply.faults : reply?.outcome;
};

/** As an older version of Alfa Cloud would have made it. */
const changeProxy = ({ cloud }: Started): void => {
  const proxy = cloud.engine.containers.get('alfa-proxy');
  if (proxy !== undefined) proxy.spec = { ...proxy.spec, argv: ['nginx', '-g', 'daemon off;'] };
};

describe('preparing a ready server again', () => {
  test('touches no container that stands as it should, and the server takes clients meanwhile', async () => {
    const statuses: unknown[] = [];
    const { rig, serverId, command, idsOf, state, typesOf } = await start({
      step: 'database',
      phase: 'acted',
      act: async (started) => statuses.push((await started.state()).status),
    });
    const before = await idsOf();
    await rig.succeed(command());
    expect(await idsOf()).toEqual(before);
    expect(statuses).toEqual(['ready']);
    expect(await typesOf()).toEqual([
      'ServerRegistered',
      'ServerBecameReady',
      'ServerPreparationBegun',
      'ServerBecameReady',
    ]);
    expect(await state()).toMatchObject({ status: 'ready', again: false });
    await rig.succeed(await rig.creation(serverId, { slug: 'second' }));
  });

  test('replaces a container that differs, and leaves nothing of the old one', async () => {
    const started = await start();
    const { cloud, rig, command, idsOf } = started;
    changeProxy(started);
    const [[database, proxy], whole] = [await idsOf(), await inventory(cloud)];
    await rig.succeed(command());
    const after = await idsOf();
    expect(after[0]).toBe(database);
    expect(after[1]).not.toBe(proxy);
    expect(await inventory(cloud)).toEqual(whole);
    expect(cloud.engine.containers.get('alfa-proxy')?.spec.argv?.at(-1)).toContain('worker_shutdown_timeout');
    expect([...(cloud.engine.containers.get('alfa-proxy')?.networks.keys() ?? [])].sort()).toEqual([
      'alfa',
      'alfa-first',
    ]);
    expect([...cloud.hosts.keys()]).toEqual(['first.lab.test']);
  });

  test('is refused while it is prepared, as is its removal or change, with the operation that runs', async () => {
    const codes: unknown[] = [];
    const started = await start({
      step: 'disk',
      phase: 'started',
      async act({ rig, serverId, command }, operationId) {
        const change = commandOf('ChangeServer', { serverId, name: 'Two' });
        for (const other of [command(), commandOf('RemoveServer', { serverId }), change]) {
          const { reply } = await rig.send(other);
          codes.push(reply);
          expect(reply).toMatchObject({
            outcome: 'rejected',
            faults: [{ code: 'operation_in_progress', meta: { operationId } }],
          });
        }
      },
    });
    await started.rig.succeed(started.command());
    expect(codes).toHaveLength(3);
  });

  test('that fails takes nothing away: the server stays ready, and the operation can be repeated', async () => {
    const started = await start();
    const { cloud, rig, command, state, endOf } = started;
    const whole = await inventory(cloud);
    const sent = command();
    changeProxy(started);
    cloud.engine.images.delete('alfa/nginx:1');
    await rig.send(sent);
    expect((await endOf(sent))?.type).toBe('OperationFailed');
    expect(await state()).toMatchObject({ status: 'ready', again: false });
    expect(await inventory(cloud)).toEqual(whole);
    cloud.engine.images.set('alfa/nginx:1', { id: 'sha256:alfa/nginx:1', labels: {}, user: '' });
    const retry = commandOf('RetryOperation', { operationId: operationIdOf(sent) });
    await rig.succeed(retry);
    expect((await rig.eventsOf(operationIdOf(retry)))[0]?.data).toMatchObject({
      kind: 'server.prepare',
      retryOf: operationIdOf(sent),
    });
  });

  test('that is cancelled takes nothing away', async () => {
    const { cloud, rig, command, state, endOf } = await start({
      step: 'database',
      phase: 'started',
      act: ({ rig: other }, operationId) => other.send(commandOf('CancelOperation', { operationId })),
    });
    const [whole, sent] = [await inventory(cloud), command()];
    await rig.send(sent);
    expect((await endOf(sent))?.type).toBe('OperationCancelled');
    expect(await state()).toMatchObject({ status: 'ready', again: false });
    expect(await inventory(cloud)).toEqual(whole);
  });

  test('after which the proxy does not run makes the server fail; it keeps its name and is prepared again', async () => {
    const { cloud, rig, serverId, command, state, endOf } = await start();
    const proxy = cloud.engine.containers.get('alfa-proxy');
    if (proxy === undefined) throw new Error('There is no proxy');
    const volume = cloud.engine.volumes.get('alfa-database');
    proxy.status = 'exited';
    cloud.engine.volumes.set('alfa-database', {});
    const sent = command();
    await rig.send(sent);
    expect((await endOf(sent))?.data).toMatchObject({ cause: { code: 'name_occupied' } });
    expect(await state()).toMatchObject({ status: 'failed' });
    expect((await rig.send(rig.registration({ name: 'one' }))).reply).toMatchObject({
      outcome: 'rejected',
      faults: [{ code: 'server_name_taken' }],
    });
    const creation = await rig.creation(serverId, { slug: 'second' });
    expect((await rig.send(creation)).reply).toMatchObject({ faults: [{ code: 'server_not_ready' }] });
    cloud.engine.volumes.set('alfa-database', volume ?? {});
    await rig.succeed(command());
    expect(await state()).toMatchObject({ status: 'ready' });
    expect((await cloud.docker.container('alfa-proxy'))?.status).toBe('running');
  });

  test('by a command that fails again and again before its operation begins, leaves the server ready', async () => {
    const { cloud, rig, serverId, command, state } = await start();
    const sent = command();
    const stream = streams.server(serverId);
    const data = { serverId, operationId: operationIdOf(sent) };
    const event: ServerEvent = { type: 'ServerPreparationBegun', data };
    const { revision } = await rig.store.read(stream);
    const expectedRevision = revision ?? 'no_stream';
    await rig.store.append(stream, [{ id: newId(), event }], { expectedRevision, cause: ownCause() });
    expect(await state()).toMatchObject({ status: 'ready', again: true });
    await rig.endPoison({ subject: 's', sequence: 1, command: sent, faults: [] });
    expect(await state()).toMatchObject({ status: 'ready', again: false });
    expect((await inventory(cloud)).containers).toContain('alfa-proxy');
    await rig.succeed(command());
  });

  test('is refused for a server that is not known or was removed', async () => {
    const started = await start();
    const unknown = commandOf('PrepareServer', { serverId: newId() });
    expect(await refusal(started, unknown)).toMatchObject([{ code: 'not_found' }]);
  });
});
