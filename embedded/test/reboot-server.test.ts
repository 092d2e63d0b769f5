import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, startFarm, type Farm, type FarmServer } from '@alfa-cloud/testing';
import {
  act,
  clientDocument,
  finished,
  followCreation,
  type Resource,
  type Server,
} from './support/caller.ts';
import { onFarm } from './support/place.ts';
import { startWorld, type World } from './support/world.ts';

let farm: Farm;
let machine: FarmServer;
let world: World;
let server: Server;
let as: (username: string) => object;
const ids = new Map<string, string>();

beforeAll(async () => {
  farm = await startFarm([{ docker: true }]);
  [machine] = farm.servers as [FarmServer];
  const place = onFarm(farm, machine);
  as = (username) => ({ ...place.connection, username });
  world = await startWorld({
    place: { ...place, connection: as('root') },
    env: {
      ALFA_HEALTH_TIMEOUT_S: '30',
      ALFA_REBOOT_TIMEOUT_S: '150',
      ALFA_AVAILABILITY_INTERVAL_S: '1',
      ALFA_SERVER_WATCH_INTERVAL_S: '1',
      ALFA_EXPIRY_WATCH_INTERVAL_S: '1',
    },
  });
  server = await world.register();
});
afterAll(async () => {
  await world?.dispose();
  await farm?.dispose();
});

const create = async (slug: string): Promise<string> => {
  const document = clientDocument(server.id, slug, world.images.client);
  const { id } = (await world.call('POST', '/clients/create', document)).body.data;
  ids.set(slug, id);
  return id;
};
const reboot = () => act(world.call, 'POST', `/servers/${server.id}/reboot_server`);
const bootId = () => machine.run('cat', '/proc/sys/kernel/random/boot_id');
const serverNow = async () => (await world.call('GET', `/servers/${server.id}`)).body.data.attributes;
const history = async (path: string): Promise<Record<string, unknown>[]> => {
  const { body } = await world.call('GET', `${path}/history?filter[events]=all&page[size]=100`);
  return body.data.map(({ attributes }: Resource) => attributes);
};
const availability = async (slug: string): Promise<boolean | null> =>
  (await world.call('GET', `/clients/${ids.get(slug)}`)).body.data.attributes.available;
const isAvailable = async (slug: string) => (await availability(slug)) === true;

test('during a creation: that comes to its end first, then the machine is rebooted once and everything is back', async () => {
  await create('first');
  expect((await followCreation(world.call, ids.get('first') ?? '')).attributes).toMatchObject({
    completed: 'ok',
  });
  await eventually('the client is available', () => isAvailable('first'));
  const isUnavailable = async () => (await availability('first')) === false;
  await using obeyed = machine.obeyReboots({
    whileOff: () => eventually('it is known that the client is away', isUnavailable, { timeoutMs: 60_000 }),
  });
  const before = await bootId();
  await create('second');
  const asked = await world.call('POST', `/servers/${server.id}/reboot_server`);
  expect(asked.status).toBe(202);
  const refused = await world.call('POST', `/clients/${ids.get('first')}/reboot`);
  expect(refused).toMatchObject({
    status: 409,
    body: { errors: [{ code: 'operation_in_progress', meta: { operationId: asked.body.data.id } }] },
  });
  const operation = await finished(world.call, asked.body.data.id, 240_000);
  expect(operation).toMatchObject({ status: 'ok', result: { clients: 2 } });
  expect((await followCreation(world.call, ids.get('second') ?? '')).attributes).toMatchObject({
    completed: 'ok',
  });
  expect(obeyed.count).toBe(1);
  expect(await bootId()).not.toBe(before);
  expect((await serverNow()).reboot).toBeNull();
  await eventually(
    'both are available',
    async () => (await isAvailable('first')) && (await isAvailable('second')),
  );
  const away = (await history(`/clients/${ids.get('first')}`)).find(
    ({ reason }) => reason === 'the server is being rebooted',
  );
  expect(away).toMatchObject({ kind: 'ClientAvailabilityChanged' });
  const told = (await history(`/servers/${server.id}`)).map(({ kind }) => kind);
  expect(told).toEqual(expect.arrayContaining(['ServerRebootBegun', 'ServerDrained', 'ServerRebooted']));
  expect(told).not.toContain('ServerMended');
  expect(told).not.toContain('ServerAlertRaised');
}, 300_000);

test('the services end in the middle and go on when they are back', async () => {
  await using obeyed = machine.obeyReboots();
  const asked = await world.call('POST', `/servers/${server.id}/reboot_server`);
  await eventually('the machine is on its way', async () => obeyed.count === 1, { timeoutMs: 60_000 });
  await world.restart();
  expect(await finished(world.call, asked.body.data.id, 240_000)).toMatchObject({ status: 'ok' });
  expect(obeyed.count).toBe(1);
}, 300_000);

test('a client whose container does not start again is named', async () => {
  await using _ = machine.obeyReboots();
  await machine.engine.docker.getContainer('alfa-second').update({ RestartPolicy: { Name: 'no' } });
  const operation = await reboot();
  expect(operation).toMatchObject({ status: 'error', error: { code: 'clients_not_back', step: 'clients' } });
  const { reason } = operation.error as { reason: string };
  expect(reason).toContain('1 of 2 clients have not come back after the reboot: second: ');
  expect(reason).toContain('container alfa-second');
  const again = await act(world.call, 'POST', `/clients/${ids.get('second')}/reboot`);
  expect(again.status).toBe('ok');
}, 300_000);

test('a server that does not come back ends it with the cause; once it is up, it serves', async () => {
  world.env['ALFA_REBOOT_TIMEOUT_S'] = '10';
  await world.restart();
  {
    await using _ = machine.obeyReboots({ staysOff: true });
    const operation = await reboot();
    expect(operation).toMatchObject({ status: 'error', error: { code: 'server_not_back', step: 'machine' } });
  }
  await eventually('nobody can tell', async () => (await availability('first')) === null, {
    timeoutMs: 60_000,
  });
  await machine.boot();
  await eventually('the client is available', () => isAvailable('first'), { timeoutMs: 120_000 });
}, 300_000);

test('a user who may not reboot the machine: the cause is told, and nothing is rebooted', async () => {
  await using obeyed = machine.obeyReboots();
  // Only who owns what Alfa Cloud has on the server is let in.
  await machine.run('chown', '-R', 'alfa', machine.root);
  const attributes = { connection: as('alfa') };
  const changed = await world.call('PATCH', `/servers/${server.id}`, {
    data: { type: 'servers', id: server.id, attributes },
  });
  expect([changed.status, changed.text]).toEqual([200, expect.anything()]);
  const operation = await reboot();
  expect(operation).toMatchObject({ status: 'error', error: { code: 'reboot_refused', step: 'reboot' } });
  expect((operation.error as { reason: string }).reason).toContain('sudo: a password is required');
  expect(obeyed.count).toBe(0);
});
