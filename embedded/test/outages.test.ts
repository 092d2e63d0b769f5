import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, walkExtent } from '@alfa-cloud/testing';
import {
  clientDocument,
  followCreation,
  registerServer,
  type Answer,
  type Resource,
  type Server,
} from './support/caller.ts';
import { deleteReadModels, startWorld, type World } from './support/world.ts';

/** How long each engine is away: longer than a command is waited for, which is 1 s here. */
const outageMs = walkExtent(process.env, new Date()).isFull ? 20_000 : 6000;

let world: World;
let server: Server;

beforeAll(async () => {
  world = await startWorld({
    env: { ALFA_AVAILABILITY_INTERVAL_S: '2', ALFA_SERVER_WATCH_INTERVAL_S: '2' },
  });
  server = await registerServer(world.call);
});
afterAll(() => world?.dispose());

const create = (slug: string): Promise<Answer> =>
  world.call('POST', '/clients/create', clientDocument(server.id, slug, world.images.client));

/** Waits until the creation is in the middle of its work. */
const reached = (clientId: string, step: string) =>
  eventually(`step ${step} is reached`, async () => {
    const { body } = await world.call('GET', `/clients/${clientId}/create_log`);
    return body.data.attributes.steps.some(
      ({ name, status }: { name: string; status: string }) => name === step && status !== 'pending',
    );
  });

const expectWholeOrNothing = async (clientId: string, slug: string) => {
  // Questions are refused with 503 while an engine is away; the log is read again once it answers.
  await eventually(
    'questions are answered',
    async () => (await world.call('GET', `/clients/${clientId}`)).status === 200,
    {
      timeoutMs: 60_000,
    },
  );
  const { attributes, entries } = await followCreation(world.call, clientId, 180_000);
  expect(['ok', 'error']).toContain(attributes.completed);
  expect(new Set(entries.map(({ cursor }) => cursor)).size).toBe(entries.length);
  const { containers, networks, databases, databaseUsers, volumes } = await world.inventory();
  const counts = [containers, networks, databases, databaseUsers, volumes].map(
    (names) => (names ?? []).filter((name) => name.includes(slug)).length,
  );
  const each = attributes.completed === 'ok' ? 1 : 0;
  expect(counts).toEqual(Array.from(counts, () => each));
  return attributes.completed as string;
};

test('NATS is away in the middle of a creation', async () => {
  const { body } = await create('nats-away');
  await reached(body.data.id, 'container');
  await world.nats.kill();
  const refused = await world.call('GET', '/clients');
  expect([refused.status, refused.body.errors[0].code]).toEqual([503, 'unavailable']);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect((await create('nobody-hears')).status).toBe(503);
  await pause(outageMs);
  await world.nats.start();
  expect(await expectWholeOrNothing(body.data.id, 'nats-away')).toBe('ok');
}, 240_000);

test('the event store is away in the middle of a creation', async () => {
  const { body } = await create('events-away');
  await reached(body.data.id, 'container');
  await world.eventStore.kill();
  const list = await world.call('GET', '/clients');
  expect(list.status).toBe(200);
  await pause(outageMs);
  await world.eventStore.start();
  expect(await expectWholeOrNothing(body.data.id, 'events-away')).toBe('ok');
}, 240_000);

test('wishes answered 202 while the event store is away: none vanishes, each ends and says why', async () => {
  const { body: made } = await create('wished');
  const clientId: string = made.data.id;
  expect((await followCreation(world.call, clientId, 120_000)).attributes).toMatchObject({ completed: 'ok' });
  await world.eventStore.kill();
  const backUp = () => world.call('POST', `/clients/${clientId}/backups`);
  const wishes = await Promise.all([
    backUp(),
    backUp(),
    backUp(),
    world.call('PATCH', `/servers/${server.id}`, {
      data: { type: 'servers', attributes: { capacity: { clients: 50 } } },
    }),
    world.call('DELETE', `/servers/${server.id}`),
    create('wished'),
  ]);
  expect(wishes.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 202]);
  const addresses = wishes.map(({ headers }) => headers.get('content-location') ?? '');
  const refusedClient: string = wishes[5]?.body.data.id;
  const look = () => Promise.all(addresses.map((address) => world.call('GET', address)));
  const before = await look();
  expect(before.map(({ status, body }) => [status, body.data.attributes.status])).toEqual(
    addresses.map(() => [200, 'accepted']),
  );
  expect(
    (await world.call('GET', `/clients/${refusedClient}/create_log`)).body.data.attributes,
  ).toMatchObject({ completed: null, status: 'accepted' });
  await world.eventStore.start();
  const ended = await eventually(
    'every wish has ended',
    async () => {
      const looks = await look();
      expect(looks.map(({ status }) => status).filter((status) => status === 404)).toEqual([]);
      const shown = looks.map(({ status, body }) =>
        status === 200 ? body.data.attributes : { status: '503' },
      );
      return shown.every(({ status }) => ['ok', 'error'].includes(status)) ? shown : undefined;
    },
    { timeoutMs: 120_000 },
  );
  const outcomes: string[] = ended.map(({ status, error }) => error?.code ?? status);
  const backups = outcomes.slice(0, 3);
  expect(backups).toContain('ok');
  // A wish that is decided on while another one's backup is made is refused; one that comes after its end is granted.
  const refused = backups.filter((outcome) => outcome !== 'ok');
  expect(refused).toEqual(refused.map(() => 'operation_in_progress'));
  expect(outcomes.slice(3)).toEqual(['ok', 'server_has_clients', 'slug_taken']);
  const log = await world.call('GET', `/clients/${refusedClient}/create_log`);
  expect(log.body.data.attributes).toMatchObject({ completed: 'error', error: { code: 'slug_taken' } });
  const history = await world.call('GET', `/clients/${clientId}/history?page[size]=100&filter[events]=all`);
  const kinds = history.body.data.map(({ attributes }: Resource) => attributes['kind']);
  expect(kinds.filter((kind: string) => kind === 'OperationRejected')).toHaveLength(refused.length);
  expect(kinds.filter((kind: string) => kind === 'ClientBackedUp')).toHaveLength(3 - refused.length);
}, 300_000);

test('Docker is killed in the middle of a creation and comes back', async () => {
  const { body } = await create('docker-away');
  await reached(body.data.id, 'container');
  await world.docker.kill();
  await pause(3000);
  await world.docker.start();
  await expectWholeOrNothing(body.data.id, 'docker-away');
}, 240_000);

/** Every row of every table, in a fixed order. */
const contents = (): Record<string, unknown[]> => {
  const database = new DatabaseSync(join(world.directory, 'data', 'projector', 'read-models.sqlite'), {
    readOnly: true,
  });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all();
    return Object.fromEntries(
      tables.map(({ name }) => [
        String(name),
        database
          .prepare(`SELECT * FROM "${String(name)}"`)
          .all()
          .map((row) => JSON.stringify(row))
          .sort(),
      ]),
    );
  } finally {
    database.close();
  }
};

test('read models that are deleted are built again with the same content', async () => {
  // What the observers still had to tell after the last outage would be an event between the two looks.
  await eventually(
    'the observers have told of all clients and of the server',
    async () => {
      const { data } = (await world.call('GET', '/clients')).body as { data: Resource[] };
      const shown = (await world.call('GET', `/servers/${server.id}`)).body.data as Resource;
      return (
        shown.attributes['health'] === 'ok' &&
        data.every(({ attributes }) => attributes['status'] !== 'active' || attributes['available'] === true)
      );
    },
    { timeoutMs: 60_000 },
  );
  let before: Record<string, unknown[]> = {};
  // Nobody is to record anything meanwhile.
  world.env['ALFA_SERVICES'] = 'projector,api-gateway';
  await world.restart(async () => {
    before = contents();
    await deleteReadModels(world);
  });
  await eventually('the list is complete again', async () => {
    const { body } = await world.call('GET', '/clients');
    return body?.meta?.total === before['clients']?.length;
  });
  expect(Object.keys(before).length).toBeGreaterThan(3);
  expect(before['clients']?.length).toBeGreaterThanOrEqual(3);
  await eventually('every row is the same', () => {
    expect(contents()).toEqual(before);
    return true;
  });
});
