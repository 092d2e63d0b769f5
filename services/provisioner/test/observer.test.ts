import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { streams, type ClientEvent, type ClientView, type ServerView } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import { inMemoryFeed, querySenderOf } from '@alfa-cloud/messaging/testing';
import { createLogger } from '@alfa-cloud/service-kit';
import { eventually, freePort } from '@alfa-cloud/testing';
import { loadClientOnServer } from '../src/on-server/client-on-server.ts';
import { otherImages } from '../src/on-server/other-images.ts';
import { createAvailabilityReconciler } from '../src/reconcilers/availability/availability.ts';
import { createCloudSettingsReconciler } from '../src/reconcilers/cloud-settings/cloud-settings.ts';
import { loadClient } from '../src/domain/load.ts';
import { runSql } from '../src/on-server/database.ts';
import type { PeriodicTask } from '../src/reconcilers/periodic-task.ts';
import { startRealServer, type RealServer } from './real-server.ts';
import { commandOf, startRig, type Rig } from './rig.ts';

let server: RealServer;
let cloud: CloudServer;
let rig: Rig;
let clientId: string;
let serverId: string;
let queries: QuerySender;

const container = 'alfa-watched';
const table = '`alfa_watched`.cloud_settings';
const logger = createLogger({ service: 'test', level: 'fatal' });

beforeAll(async () => {
  server = await startRealServer();
  ({ cloud } = server);
  rig = await startRig({ cloud });
  const registration = rig.registration({ proxy: { httpPort: await freePort() } });
  ({ serverId } = registration.data);
  await rig.succeed(registration);
  const creation = await rig.creation(serverId, { slug: 'watched', expireDate: '2050-06-15' });
  ({ clientId } = creation.data);
  await rig.succeed(creation);
  queries = querySenderOf({
    ListServers: async () => ({
      result: { items: [{ id: serverId, status: 'ready', domain: 'lab.test' } as ServerView] },
    }),
    ListClients: async () => ({ result: { items: [await view()], total: 1, servers: [] } }),
  });
}, 300_000);

afterAll(() => server?.dispose());

/** What the read models would say. */
const view = async (): Promise<ClientView> => {
  const { state } = await loadClient(rig.store, clientId);
  if (state.status !== 'active') throw new Error(`The client is ${state.status}`);
  const { client, cloudSettings, maintenance } = state;
  return {
    ...client,
    ...cloudSettings,
    maintenance,
    runningOperationId: null,
    held: null,
  } as unknown as ClientView;
};

const clientEvents = async () => (await rig.store.read<ClientEvent>(streams.client(clientId))).events;

describe('cloud settings', () => {
  const message = `Вернёмся;\n"в" 18:00 \\ '🧪'`;
  const settings = async () => (await rig.askQueries.ask('GetCloudSettings', { clientId })).result;
  const sql = (statement: string) => runSql(cloud, `${statement};\n`, (text) => text, {});
  const watch = () =>
    createCloudSettingsReconciler({
      store: rig.store,
      vault: rig.vault,
      timeZone: 'UTC',
      cloudServers: { of: () => cloud, close: async () => {} },
      queries,
      logger,
      config: { everyMs: 1, parallel: 1 },
    }).runOnce();
  const mended = async () =>
    (await clientEvents()).flatMap(({ type, data }) =>
      type === 'ClientCloudSettingsMended' ? [data.columns] : [],
    );
  const right = {
    maintenance: true,
    maintenanceMessage: message,
    expiresAt: '2050-06-15T23:59:59Z',
    quickStart: false,
    tutorial: true,
    drift: [],
  };

  test('are changed for the application and read as they stand', async () => {
    await rig.succeed(commandOf('EnableMaintenance', { clientId, message }));
    await rig.succeed(commandOf('ChangeCloudSettings', { clientId, quickStart: false }));
    expect(await settings()).toMatchObject(right);
    await watch();
    expect(await mended()).toEqual([]);
  });

  test('that somebody has changed are shown as they are, then put right and recorded', async () => {
    // Capital letters are the same to the table's collation, and not to the reader.
    await sql(`UPDATE ${table} SET maintenance_message = UPPER(maintenance_message), tutorial = FALSE`);
    await sql(`UPDATE ${table} SET expires_at = '2099-01-01 00:00:00'`);
    const drift = ['maintenance_message', 'expires_at', 'tutorial'];
    expect(await settings()).toMatchObject({ tutorial: false, expiresAt: '2099-01-01T00:00:00Z', drift });
    await watch();
    expect(await settings()).toMatchObject(right);
    await watch();
    expect(await mended()).toEqual([drift]);
  });

  test('whose table is gone are made again, whatever else is in the database', async () => {
    await sql(`DROP TABLE ${table}`);
    await expect(settings()).rejects.toMatchObject({ faults: [{ code: 'not_found' }] });
    await watch();
    expect(await settings()).toMatchObject(right);
    await sql(`DELETE FROM ${table}`);
    await expect(settings()).rejects.toMatchObject({ faults: [{ code: 'not_found' }] });
    await watch();
    expect(await settings()).toMatchObject(right);
    expect(await mended()).toHaveLength(3);
  });
});

test('the log of the container goes on after its cursor, without secrets and personal data', async () => {
  const ask = async (after: string | null) =>
    (await rig.askQueries.ask('GetContainerLog', { clientId, tail: 100, after })).result;
  const { cursor } = await ask(null);
  expect(cursor).not.toBe(null);
  expect((await ask('2050-01-01T00:00:00Z')).lines).toEqual([]);
  await expect(ask('yesterday')).rejects.toMatchObject({ faults: [{ code: 'validation_failed' }] });
  const cloudServers = { of: () => cloud, close: async () => {} };
  const { secrets } = await loadClientOnServer({ ...rig, cloudServers }, clientId);
  const stdin = `one ${secrets.databasePassword}\ntwo owner@first.example\nthree\n`;
  await cloud.docker.exec(container, { argv: ['sh', '-c', 'cat > /proc/1/fd/1'], stdin });
  const printed = await eventually('the lines', async () => {
    const { lines } = await ask(cursor);
    return lines.some(({ text }) => text === 'three') && lines.map(({ text }) => text);
  });
  expect(printed.filter((text) => /^(?:one|two|three)/.test(text))).toHaveLength(3);
  expect(printed.join('\n')).not.toContain('owner@first.example');
  expect(printed.join('\n')).not.toContain(secrets.databasePassword);
});

describe('the observer', () => {
  let observer: PeriodicTask;
  beforeAll(async () => {
    observer = createAvailabilityReconciler({
      otherImages: otherImages([]),
      store: rig.store,
      queries,
      feed: inMemoryFeed(),
      cloudServers: { of: () => cloud, close: async () => {} },
      clock: () => new Date(),
      logger,
      // One round at the start; all that follows is known from the engine's events.
      config: { everyMs: 3_600_000, probeMs: 15_000, parallel: 4, confirmMs: 1000 },
    });
    observer.start();
  });
  afterAll(async () => {
    await observer.stop();
  });

  const last = async () => {
    const seen = (await clientEvents()).flatMap((event) =>
      event.type === 'ClientAvailabilityChanged' ? [event.data] : [],
    );
    return seen.at(-1);
  };
  const becomes = (available: boolean | null) =>
    eventually(
      `availability ${String(available)}`,
      async () => {
        const seen = await last();
        return seen !== undefined && seen.available === available && seen;
      },
      { timeoutMs: 60_000 },
    );

  test('sees a container that is stopped and started, or that dies', async () => {
    await becomes(true);
    await cloud.docker.stopContainer(container);
    expect((await becomes(false)).reason).toMatch(/^container exited with code \d+$/);
    await cloud.docker.startContainer(container);
    expect(await becomes(true)).toMatchObject({ reason: null });
  });

  test('says nothing about a reboot that goes well', async () => {
    const before = (await clientEvents()).filter(({ type }) => type === 'ClientAvailabilityChanged').length;
    await rig.succeed(commandOf('RebootClient', { clientId }));
    const after = (await clientEvents()).filter(({ type }) => type === 'ClientAvailabilityChanged').length;
    expect(after).toBe(before);
  });

  test('can tell nothing while the engine or the whole server is away, and knows when it is back', async () => {
    for (const away of [() => server.engine.kill(), () => server.engine.powerOff()]) {
      await away();
      expect((await becomes(null)).reason).toBe('the server does not answer');
      await server.engine.start();
      await becomes(true);
    }
  });
});
