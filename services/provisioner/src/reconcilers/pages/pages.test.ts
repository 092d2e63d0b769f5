import { afterEach, describe, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message, newId, streams, type ClientEvent, type ClientView } from '@alfa-cloud/contracts';
import { causeOf } from '@alfa-cloud/operations';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { fakeLaboratory } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import { loadClient } from '../../domain/load.ts';
import { createPageReconciler } from './pages.ts';

afterEach(stopRigs);

const host = 'first.lab.test';

/** A client whose last day is 2050-06-15, at a moment that a test moves. */
const withClient = async (zone = 'UTC') => {
  const time = { now: new Date('2050-06-15T12:00:00Z') };
  const cloud = fakeLaboratory();
  cloud.engine.info.systemTime = time.now;
  const env = { ALFA_TIME_ZONE: zone };
  const rig = await startRig({
    cloud,
    env,
    creation: { ...inNoTime, timeZone: zone },
    clock: () => time.now,
  });
  const registration = rig.registration();
  await rig.send(registration);
  const creation = await rig.creation(registration.data.serverId, { expireDate: '2050-06-15' });
  await rig.send(creation);
  const { clientId } = creation.data;
  const view = async (): Promise<ClientView[]> => {
    const { state } = await loadClient(rig.store, clientId);
    if (state.status !== 'active') return [];
    const { maintenance, client, operation } = state;
    const known = maintenance === null ? null : { ...maintenance, since: '2050-01-01T00:00:00.000Z' };
    const running = { runningOperationId: operation?.operationId ?? null };
    return [{ ...client, ...running, maintenance: known, held: null } as unknown as ClientView];
  };
  const pages = createPageReconciler({
    store: rig.store,
    vault: rig.vault,
    clock: () => time.now,
    timeZone: zone,
    cloudServers: { of: () => cloud, close: async () => {} },
    queries: querySenderOf({
      ListClients: async ({ page }) => ({
        result: { items: page.number === 1 ? await view() : [], total: 1, servers: [] },
      }),
    }),
    logger: createLogger({ service: 'provisioner', level: 'fatal' }),
    config: { everyMs: 1, parallel: 1 },
  });
  return {
    rig,
    cloud,
    clientId,
    time,
    watch: () => pages.runOnce(),
    mended: async () =>
      (await rig.store.read<ClientEvent>(streams.client(clientId))).events.flatMap(({ type, data }) =>
        type === 'ClientVirtualHostMended' ? [data.was] : [],
      ),
    look: async () => (await cloud.get({ port: 8080, host, path: '/' })).status,
    change: (expireDate: string, confirm = false) =>
      commandOf('ChangeExpireDate', { clientId, expireDate, reason: 'paid', confirm }),
  };
};

describe('after the last day', () => {
  test('a client is blocked by the next look, not before', async () => {
    const { time, watch, look, cloud } = await withClient();
    time.now = new Date('2050-06-15T23:59:59Z');
    await watch();
    expect(await look()).toBe(200);
    time.now = new Date('2050-06-16T00:00:00Z');
    await watch();
    expect(await look()).toBe(403);
    expect((await cloud.get({ port: 8080, host, path: '/healthz' })).status).toBe(200);
  });

  test('counts in the zone of the installation', async () => {
    const { time, watch, look } = await withClient('Asia/Vladivostok');
    time.now = new Date('2050-06-15T13:59:00Z');
    await watch();
    expect(await look()).toBe(200);
    time.now = new Date('2050-06-15T14:00:00Z');
    await watch();
    expect(await look()).toBe(403);
  });

  test('an extension opens the client at once, and the day is told to the application', async () => {
    const { rig, time, watch, look, change, cloud } = await withClient();
    time.now = new Date('2050-06-20T00:00:00Z');
    await watch();
    expect(await look()).toBe(403);
    await rig.send(change('2050-06-20'));
    expect(await look()).toBe(200);
    expect(cloud.database.settings.get('alfa_first')?.expiresAt).toBe('2050-06-20 23:59:59');
  });

  test('expiry goes before maintenance, and maintenance is still there after an extension', async () => {
    const { rig, time, watch, look, change, clientId } = await withClient();
    await rig.send(commandOf('EnableMaintenance', { clientId, message: 'm' }));
    expect(await look()).toBe(503);
    time.now = new Date('2050-06-16T00:00:00Z');
    await watch();
    expect(await look()).toBe(403);
    await rig.send(change('2051-01-01'));
    expect(await look()).toBe(503);
  });
});

describe('a look at the pages', () => {
  test('opens a client whose server was away when it was extended', async () => {
    const { rig, cloud, time, watch, look, change } = await withClient();
    time.now = new Date('2050-06-20T00:00:00Z');
    await watch();
    cloud.engine.outage = new CloudServerError('final', 'docker_refused', message`no`);
    const extension = change('2050-12-31');
    await rig.send(extension);
    expect((await rig.eventsOf(operationIdOf(extension))).at(-1)?.type).toBe('OperationFailed');
    await watch();
    cloud.engine.outage = null;
    expect(await look()).toBe(403);
    await watch();
    expect(await look()).toBe(200);
  });

  test('replaces a virtual host that somebody else has made or that is gone', async () => {
    const { cloud, watch, mended } = await withClient();
    const path = 'clients/first/vhost.conf';
    const right = cloud.disk.files.get(path)?.content;
    cloud.disk.files.set(path, { content: '# made by hand\nserver {}\n', mode: 0o644 });
    await watch();
    expect(cloud.disk.files.get(path)?.content).toBe(right);
    cloud.disk.files.delete(path);
    await watch();
    await watch();
    expect(cloud.disk.files.get(path)?.content).toBe(right);
    expect(await mended()).toEqual(['changed', 'missing']);
  });

  test.each([
    [
      'a line that somebody has added',
      (text: string) => text.replace('  location', '  deny all;\n  location'),
    ],
    ['a line of the frame', (text: string) => text.replace('listen 80', 'listen 81')],
  ])('takes %s for a change by somebody else', async (_what, change) => {
    const { cloud, watch, mended } = await withClient();
    const path = 'clients/first/vhost.conf';
    const right = cloud.disk.files.get(path)?.content ?? '';
    cloud.disk.files.set(path, { content: change(right), mode: 0o644 });
    await watch();
    expect(cloud.disk.files.get(path)?.content).toBe(right);
    expect(await mended()).toEqual(['changed']);
  });

  test('records nothing where its own virtual host only follows the day', async () => {
    const { time, watch, look, mended } = await withClient();
    time.now = new Date('2050-06-16T00:00:00Z');
    await watch();
    expect([await look(), await mended()]).toEqual([403, []]);
  });

  test('leads visitors back whom an operation has left elsewhere, also where all was right before', async () => {
    const { cloud, watch } = await withClient();
    const path = 'clients/first/vhost.conf';
    const right = cloud.disk.files.get(path)?.content ?? '';
    const elsewhere = right.replaceAll(/[0-9a-f-]{36}\.alfa/g, `${newId()}.alfa`);
    for (let round = 0; round < 2; round += 1) {
      cloud.disk.files.set(path, { content: elsewhere, mode: 0o644 });
      await watch();
      expect(cloud.disk.files.get(path)?.content).toBe(right);
      await watch();
    }
  });

  test('reads no events of a client that is as it was when it was found right', async () => {
    const { rig, watch, time, look } = await withClient();
    await watch();
    const read = rig.store.read.bind(rig.store);
    let reads = 0;
    rig.store.read = (stream, ...rest) => {
      if (stream.startsWith('client-')) reads += 1;
      return read(stream, ...rest);
    };
    await watch();
    // The rig's own read model is one.
    expect(reads).toBe(1);
    time.now = new Date('2050-06-16T00:00:00Z');
    await watch();
    expect(await look()).toBe(403);
  });

  test('opens a client that an operation has left closed, but not while one closes it', async () => {
    const { rig, cloud, clientId, watch, look } = await withClient();
    await watch();
    cloud.disk.files.set('clients/first/closed', { content: '', mode: 0o644 });
    const cause = causeOf(commandOf('MigrateClient', { clientId }));
    const begun = { type: 'begin_operation', operationId: newId(), kind: 'client.migrate' } as const;
    const decision = { clientId, operationId: begun.operationId, cause };
    await decideOnClient(rig.store, { ...decision, key: 'begin', command: begun });
    await watch();
    expect(await look()).toBe(503);
    const ended = { ...begun, type: 'end_operation', status: 'error' } as const;
    await decideOnClient(rig.store, { ...decision, key: 'end', command: ended });
    await watch();
    expect(await look()).toBe(200);
    expect(cloud.reloads()).toBe(1);
  });

  test('writes nothing where everything is right', async () => {
    const { cloud, watch } = await withClient();
    const before = cloud.disk.files.get('clients/first/vhost.conf');
    await watch();
    expect(cloud.disk.files.get('clients/first/vhost.conf')).toBe(before);
  });
});

describe('a change of the last day', () => {
  test('to the same day is accepted and no change', async () => {
    const { rig, change } = await withClient();
    const command = change('2050-06-15');
    expect((await rig.send(command)).reply?.outcome).toBe('accepted');
    expect(rig.store.all().map(({ type }) => type)).not.toContain('ClientExpireDateChanged');
    expect((await rig.eventsOf(operationIdOf(command))).at(-1)?.type).toBe('OperationSucceeded');
  });

  test('into the past says where the fault is', async () => {
    const { rig, change } = await withClient();
    const { reply } = await rig.send(change('2050-06-14'));
    expect(reply).toMatchObject({
      outcome: 'rejected',
      faults: [{ code: 'expire_date_in_past', pointer: '/data/attributes/expireDate' }],
    });
  });

  test('beside a maintenance that is on its way leaves the page of that', async () => {
    const { rig, cloud, clientId, change, look, time } = await withClient();
    const { store, vault } = rig;
    const beside = await startRig({ cloud, store, vault, creation: inNoTime, clock: () => time.now });
    let seen = 0;
    const slow = await startRig({
      cloud,
      store,
      vault,
      creation: inNoTime,
      clock: () => time.now,
      observer: async ({ step, phase }) => {
        if (step !== 'vhost' || phase !== 'completed') return;
        await beside.send(change('2050-12-31'));
        seen = await look();
      },
    });
    await slow.send(commandOf('EnableMaintenance', { clientId, message: 'm' }));
    expect(seen).toBe(503);
    expect(await look()).toBe(503);
    expect(cloud.database.settings.get('alfa_first')).toEqual({
      expiresAt: '2050-12-31 23:59:59',
      maintenance: true,
      message: 'm',
      quickStart: true,
      tutorial: true,
    });
  });

  test('that overtakes another one wins on the server, whichever ends last', async () => {
    const { rig, cloud, change, time } = await withClient();
    const { store, vault } = rig;
    const beside = await startRig({ cloud, store, vault, creation: inNoTime, clock: () => time.now });
    const slow = await startRig({
      cloud,
      store,
      vault,
      creation: inNoTime,
      clock: () => time.now,
      observer: async ({ step, phase }) => {
        if (step === 'settings' && phase === 'started') await beside.send(change('2052-02-02'));
      },
    });
    await slow.send(change('2051-01-01'));
    expect(cloud.database.settings.get('alfa_first')?.expiresAt).toBe('2052-02-02 23:59:59');
  });
});
