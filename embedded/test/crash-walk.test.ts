import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sampleOf, walkExtent } from '@alfa-cloud/testing';
import { clientDocument, followCreation, registerServer, type Server } from './support/caller.ts';
import { keepProvisionerRunning } from './support/kept-service.ts';
import { startWorld, type World } from './support/world.ts';

const extent = walkExtent(process.env, new Date());

const steps = [
  'reserve',
  'image',
  'config',
  'database',
  'volume',
  'network',
  'container',
  'healthy',
  'migrate',
  'owner',
  'demo',
  'settings',
  'vhost',
  'reachable',
];

let world: World;
let server: Server;

beforeAll(async () => {
  world = await startWorld({ services: 'projector,builder,notifier,api-gateway' });
  const provisioner = keepProvisionerRunning(world, 'prepare', []);
  server = await registerServer(world.call);
  await provisioner.stop();
});
afterAll(() => world?.dispose());

/** Every phase of each step, or one of each, which changes with the day: the unit tests go through all moments of every operation. */
const phases = (names: readonly string[], ofStep: readonly string[]) =>
  names.flatMap((step) =>
    (extent.isFull ? ofStep : sampleOf(ofStep, 1, `${extent.seed} ${step}`)).map(
      (phase) => `${step}/${phase}`,
    ),
  );

/** A step may have fewer calls than its points count on. */
const isCertain = (point: string) => !point.includes('call');

/** The log tells the story in order, without a repeated or missing line. */
const expectCleanStory = async (clientId: string, entries: { cursor: string; message: string }[]) => {
  const cursors = entries.map(({ cursor }) => cursor.split('-').map(Number));
  const sorted = [...cursors].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);
  expect(cursors).toEqual(sorted);
  expect(new Set(entries.map(({ cursor }) => cursor)).size).toBe(entries.length);
  const whole = await followCreation(world.call, clientId);
  expect(entries).toEqual(whole.entries);
};

test(`a creation whose provisioner is killed in every step ends ok, once (ALFA_TEST_SEED=${extent.seed})`, async () => {
  const points = [
    '/claimed',
    ...phases(steps, ['started', 'started/call 1', 'started/call 2', 'acted', 'completed']),
    '/concluding',
    '/concluded',
  ];
  const provisioner = keepProvisionerRunning(world, 'ok', points);
  const answer = await world.call(
    'POST',
    '/clients/create',
    clientDocument(server.id, 'walker', world.images.client, { demo: true }),
  );
  expect(answer.status).toBe(202);
  const { entries, attributes } = await followCreation(world.call, answer.body.data.id, 800_000);
  await provisioner.stop();

  const crashes = await provisioner.crashes();
  expect(crashes).toEqual(expect.arrayContaining(points.filter(isCertain)));
  if (extent.isFull)
    expect(crashes.filter((point) => point.includes('call')).length).toBeGreaterThan(steps.length);
  expect(attributes).toMatchObject({ completed: 'ok', error: null });
  for (const step of steps) {
    const done = entries.filter((entry) => entry.step === step && /: (?:done|found)/.test(entry.message));
    expect([step, done.length]).toEqual([step, 1]);
  }
  await expectCleanStory(answer.body.data.id, entries);
  const left = await world.inventory();
  expect(left).toEqual({
    containers: ['alfa-database', 'alfa-proxy', 'alfa-walker'],
    volumes: ['alfa-database', 'alfa-walker-storage'],
    networks: ['alfa', 'alfa-walker'],
    databases: ['alfa_walker'],
    databaseUsers: ['alfa_walker'],
    clientFiles: ['walker/client.env', 'walker/owner.json', 'walker/vhost.conf'],
  });
}, 840_000);

test('a creation that fails, its provisioner killed while it is taken back, ends in a clean error', async () => {
  const back = ['migrate', 'healthy', 'container', 'network', 'volume', 'database', 'config', 'reserve'];
  const points = [
    'migrate/started',
    'migrate/acted',
    'migrate/failed',
    '/compensating',
    ...phases(back, ['compensating', 'compensating/call 1', 'compensated']),
    '/concluding',
    '/concluded',
  ];
  const provisioner = keepProvisionerRunning(world, 'error', points);
  const answer = await world.call(
    'POST',
    '/clients/create',
    clientDocument(server.id, 'faller', 'alfa/client:badmigration'),
  );
  const { entries, attributes } = await followCreation(world.call, answer.body.data.id, 300_000);
  await provisioner.stop();

  const crashes = await provisioner.crashes();
  const always = ['migrate/started', 'migrate/failed', '/compensating', '/concluding', '/concluded'];
  expect(crashes).toEqual(expect.arrayContaining(always));
  // Not every step makes a call or has anything to take back.
  expect(crashes.length).toBeGreaterThan(extent.isFull ? 15 : always.length + 3);
  expect(attributes).toMatchObject({ completed: 'error', error: { step: 'migrate' } });
  expect(attributes.error.reason).toContain('SQLSTATE');
  await expectCleanStory(answer.body.data.id, entries);
  const left = await world.inventory();
  for (const names of Object.values(left) as (string[] | null)[])
    expect((names ?? []).filter((name) => name.includes('faller'))).toEqual([]);
}, 320_000);
