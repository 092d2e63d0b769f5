import { afterEach, describe, expect, test } from '@jest/globals';
import { CloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { withEffectHooks } from '@alfa-cloud/cloud-server/testing';
import {
  type ClientEvent,
  type ClientView,
  message,
  newId,
  type ServerView,
  streams,
} from '@alfa-cloud/contracts';
import { querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { fakeLaboratory, type FakeSettings } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';
import { loadClient } from '../../domain/load.ts';
import { decideOnClient } from '../../domain/decide-on-client.ts';
import { createCloudSettingsReconciler } from './cloud-settings.ts';

afterEach(stopRigs);

const database = 'alfa_first';

const withClient = async () => {
  const cloud = fakeLaboratory();
  const rig = await startRig({ cloud, creation: inNoTime });
  const registration = rig.registration();
  await rig.send(registration);
  const { serverId } = registration.data;
  const creation = await rig.creation(serverId, { expireDate: '2050-06-15' });
  await rig.send(creation);
  const { clientId } = creation.data;
  const row = (): FakeSettings => {
    const found = cloud.database.settings.get(database);
    if (found === undefined) throw new Error('no row');
    return found;
  };
  const view = async (): Promise<ClientView[]> => {
    const { state } = await loadClient(rig.store, clientId);
    if (state.status !== 'active') throw new Error(`The client is ${state.status}`);
    const { client, cloudSettings, maintenance, operation } = state;
    const runningOperationId = operation?.operationId ?? null;
    return [{ ...client, ...cloudSettings, maintenance, runningOperationId } as unknown as ClientView];
  };
  /** `stale`: the read model as it was. */
  const watch = async (stale?: ClientView[], server: CloudServer = cloud) =>
    createCloudSettingsReconciler({
      store: rig.store,
      vault: rig.vault,
      timeZone: 'UTC',
      cloudServers: { of: () => server, close: async () => {} },
      queries: querySenderOf({
        ListServers: async () => ({
          result: { items: [{ id: serverId, status: 'ready', domain: 'lab.test' } as ServerView] },
        }),
        ListClients: async () => ({
          result: { items: stale ?? (await view()), total: 1, servers: [] },
        }),
      }),
      logger: createLogger({ service: 'test', level: 'fatal' }),
      config: { everyMs: 1, parallel: 1 },
    }).runOnce();
  const mended = async () =>
    (await rig.store.read<ClientEvent>(streams.client(clientId))).events.flatMap(({ type, data }) =>
      type === 'ClientCloudSettingsMended' ? [data.columns] : [],
    );
  const settings = async () => (await rig.askQueries.ask('GetCloudSettings', { clientId })).result;
  return { cloud, rig, clientId, serverId, row, view, watch, mended, settings };
};

describe('cloud settings', () => {
  test('are changed in the database of the client, and the rest of the row stays', async () => {
    const { rig, clientId, row, settings } = await withClient();
    await rig.send(commandOf('EnableMaintenance', { clientId, message: 'soon' }));
    const command = commandOf('ChangeCloudSettings', { clientId, quickStart: false });
    await rig.send(command);
    expect((await rig.eventsOf(operationIdOf(command))).at(-1)).toMatchObject({
      type: 'OperationSucceeded',
      data: { result: { clientId, quickStart: false, tutorial: true } },
    });
    const expected = { quickStart: false, tutorial: true, maintenance: true };
    expect(row()).toMatchObject({ ...expected, message: 'soon', expiresAt: '2050-06-15 23:59:59' });
    expect(await settings()).toMatchObject({
      ...expected,
      maintenanceMessage: 'soon',
      expiresAt: '2050-06-15T23:59:59Z',
      drift: [],
    });
  });

  test('are read as they stand, with what differs from the record', async () => {
    const { row, settings } = await withClient();
    Object.assign(row(), { tutorial: false, message: 'Ä' });
    expect(await settings()).toMatchObject({
      tutorial: false,
      maintenanceMessage: 'Ä',
      drift: ['maintenance_message', 'tutorial'],
    });
  });

  test('that are gone, of nobody, or on a server that is away are said so', async () => {
    const { cloud, rig, settings } = await withClient();
    cloud.database.settings.delete(database);
    await expect(settings()).rejects.toMatchObject({ faults: [{ code: 'not_found' }] });
    const clientId = newId();
    await expect(rig.askQueries.ask('GetCloudSettings', { clientId })).rejects.toMatchObject({
      faults: [{ code: 'not_found' }],
    });
    cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
    await expect(settings()).rejects.toMatchObject({ faults: [{ code: 'server_unreachable' }] });
  });
});

describe('a look at the settings', () => {
  test('puts right what differs, as a whole, and records it once', async () => {
    const { cloud, row, watch, mended, settings } = await withClient();
    await watch();
    expect(await mended()).toEqual([]);
    Object.assign(row(), { expiresAt: '2099-01-01 00:00:00', quickStart: false });
    await watch();
    await watch();
    expect(row()).toMatchObject({ expiresAt: '2050-06-15 23:59:59', quickStart: true });
    expect(await mended()).toEqual([['expires_at', 'quick_start']]);
    cloud.database.settings.delete(database);
    await watch();
    expect((await settings()).drift).toEqual([]);
    expect((await mended())[1]).toHaveLength(5);
  });

  test('goes by the events where the read model is behind', async () => {
    const { rig, clientId, view, watch, mended, row } = await withClient();
    const stale = await view();
    await rig.send(commandOf('ChangeCloudSettings', { clientId, tutorial: false }));
    await watch(stale);
    expect(row().tutorial).toBe(false);
    expect(await mended()).toEqual([]);
  });

  test('leaves alone what an operation is about to write or to record', async () => {
    const { rig, clientId, row, view, watch, mended } = await withClient();
    const operationId = newId();
    const cause = { commandId: 'c', correlationId: 'c', causationId: 'c', actor: 'admin' };
    const common = { clientId, operationId, cause };
    const stale = await view();
    await decideOnClient(rig.store, {
      ...common,
      key: 'begin',
      command: { type: 'begin_operation', operationId, kind: 'client.enable_maintenance' },
    });
    row().maintenance = true;
    await watch(stale);
    expect({ maintenance: row().maintenance, mended: await mended() }).toEqual({
      maintenance: true,
      mended: [],
    });
    row().maintenance = false;
    await decideOnClient(rig.store, {
      ...common,
      key: 'end',
      command: { type: 'end_operation', operationId, status: 'cancelled' },
    });
    await decideOnClient(rig.store, {
      ...common,
      key: 'settings',
      command: { type: 'change_cloud_settings', operationId, quickStart: false },
    });
    await watch();
    expect({ quickStart: row().quickStart, mended: await mended() }).toEqual({
      quickStart: true,
      mended: [],
    });
  });

  // Commands in the database: the look at all clients of the server, the close look at one, the writing.
  test.each([
    ['while it looks, is not overwritten', 2],
    ['just before it writes, is true after its end', 3],
  ])('beside a maintenance that begins %s', async (_what, number) => {
    const { rig, cloud, clientId, row, watch, mended } = await withClient();
    row().tutorial = false;
    const operationId = newId();
    const cause = { commandId: 'c', correlationId: 'c', causationId: 'c', actor: 'admin' };
    const common = { clientId, operationId, cause };
    const begin = async (effect: { number: number }) => {
      if (effect.number !== number) return;
      const command = { type: 'begin_operation', operationId, kind: 'client.enable_maintenance' } as const;
      await decideOnClient(rig.store, { ...common, key: 'begin', command });
      Object.assign(row(), { maintenance: true, message: 'soon' });
    };
    await watch(undefined, withEffectHooks(cloud, number === 2 ? { after: begin } : { before: begin }));
    const expected = { maintenance: true, message: 'soon' };
    if (number === 2) {
      expect(row()).toMatchObject(expected);
      expect(await mended()).toEqual([]);
    }
    const fact = { type: 'ClientMaintenanceEnabled', data: { message: 'soon' } } as const;
    const end = { type: 'end_operation', operationId, status: 'ok', fact } as const;
    await decideOnClient(rig.store, { ...common, key: 'end', command: end });
    await watch();
    expect(row()).toMatchObject({ ...expected, tutorial: true });
  });

  test('of a server that is away waits for the next one', async () => {
    const { cloud, row, watch, mended } = await withClient();
    row().tutorial = false;
    cloud.engine.outage = new CloudServerError('transient', 'docker_unreachable', message`away`);
    await watch();
    cloud.engine.outage = null;
    await watch();
    expect(await mended()).toEqual([['tutorial']]);
  });
});
