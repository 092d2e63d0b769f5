import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, sampleOf, walkExtent } from '@alfa-cloud/testing';
import { factOf, visit } from './support/browser.ts';
import { clientDocument, finished, followCreation, registerServer, type Resource } from './support/caller.ts';
import { keepProvisionerRunning } from './support/kept-service.ts';
import { startWorld, type World } from './support/world.ts';

const extent = walkExtent(process.env, new Date());

/**
 * Before, in and after every step, forwards and backwards: its end is the begin of the next one. Not more in one step: a step that has
 * killed its worker six times in a row is given up.
 */
const forwards = ['*/started', '*/started/call 1', '*/acted'];
const backwards = ['*/failed', '*/compensating', '*/compensating/call 1'];
const once = ['/compensating', '/concluding', '/concluded'];

/** All of them, or in each walk one of every step forwards and two backwards; the unit tests go through all moments of every operation. */
const pointsOf = (walk: string): string[] =>
  extent.isFull
    ? [...forwards, ...backwards, ...once]
    : [
        ...sampleOf(forwards, 1, `${extent.seed} ${walk}`),
        ...sampleOf(backwards, 2, `${extent.seed} ${walk}`),
        ...once,
      ];

let world: World;
/** The one client that all walks are done with, each in the state that the walk before has left. */
let id: string;
let address: string;
const slug = 'walker';

beforeAll(async () => {
  world = await startWorld({
    services: 'projector,builder,notifier,api-gateway',
    env: { ALFA_BACKUP_EVERY_H: '0' },
  });
  const provisioner = keepProvisionerRunning(world, 'prepare', []);
  const server = await registerServer(world.call);
  const { body } = await world.call(
    'POST',
    '/clients/create',
    clientDocument(server.id, slug, 'alfa/client:1', { demo: true }),
  );
  const { attributes } = await followCreation(world.call, body.data.id);
  expect(attributes).toMatchObject({ completed: 'ok' });
  await provisioner.stop();
  id = body.data.id;
  address = (await world.call('GET', `/clients/${id}`)).body.data.links.cloud;
}, 300_000);
afterAll(() => world?.dispose());

/** Runs one action under a provisioner that is killed at every step. */
const walk = async (name: string, method: string, path: string) => {
  const provisioner = keepProvisionerRunning(world, name, pointsOf(name));
  const answer = await world.call(method, path);
  expect([path, answer.status]).toEqual([path, 202]);
  const end = await finished(world.call, answer.body.data.id, 400_000);
  // The command is acknowledged after the end: a provisioner that still is to die there must have done so.
  await eventually('nothing is left to do', async () => !(await isQueued()), { timeoutMs: 60_000 });
  await provisioner.stop();
  const crashes = await provisioner.crashes();
  expect(new Set(crashes).size).toBe(crashes.length);
  return { end, crashes };
};

const isQueued = async (): Promise<boolean> => {
  const running = await world.call('GET', '/operations?filter[status]=running');
  return running.body.meta.total > 0;
};

const things = async () => {
  const { containers, volumes, databases, databaseUsers, clientFiles } = await world.inventory();
  return [...containers, ...volumes, ...(databases ?? []), ...(databaseUsers ?? []), ...clientFiles].filter(
    (name) => name.includes(slug),
  );
};

/** Kills in a walk: as many as in all of it, or one in each of some steps. */
const atLeast = (inFull: number): number => (extent.isFull ? inFull : 5);

const whole = [
  `alfa-${slug}`,
  `alfa-${slug}-storage`,
  `alfa_${slug}`,
  `alfa_${slug}`,
  `${slug}/client.env`,
  `${slug}/owner.json`,
  `${slug}/vhost.conf`,
];

const client = async () => {
  const { attributes, relationships } = (await world.call('GET', `/clients/${id}`)).body.data;
  return { ...attributes, runningOperation: relationships.runningOperation.data };
};

describe(`every step (ALFA_TEST_SEED=${extent.seed})`, () => {
  test('a switch that is taken back: the old image serves from the one container', async () => {
    const { end, crashes } = await walk(
      'switch-back',
      'POST',
      `/clients/${id}/switch?targetImage=alfa/client:unhealthy`,
    );
    expect([end.status, end.error?.code]).toEqual(['error', 'rolled_back']);
    expect(crashes.length).toBeGreaterThanOrEqual(atLeast(11));
    expect(await things()).toEqual(whole);
    expect(await client()).toMatchObject({ image: 'alfa/client:1', runningOperation: null });
    expect(factOf((await visit(address)).text, 'version')).toBe('1');
  }, 500_000);

  test('switch: the new image serves from the one container', async () => {
    const { end, crashes } = await walk('switch', 'POST', `/clients/${id}/switch?targetImage=alfa/client:2`);
    expect([end.status, end.error]).toEqual(['ok', null]);
    expect(crashes.length).toBeGreaterThanOrEqual(atLeast(16));
    expect(await things()).toEqual(whole);
    const container = await world.docker.docker.getContainer('alfa-walker').inspect();
    expect(container.Config.Labels['cloud.alfa.image.reference']).toBe('alfa/client:2');
    expect(await client()).toMatchObject({
      image: 'alfa/client:2',
      imageId: container.Image,
      runningOperation: null,
    });
    expect(factOf((await visit(address)).text, 'version')).toBe('2');
  }, 500_000);

  test.each([
    ['2', 'ok'],
    ['badmigration', 'error'],
  ])(
    'migrate to %s, ends %s with the page off and the data there',
    async (version, status) => {
      const before = (await visit(address)).text;
      if (factOf(before, 'version') !== version) {
        const calm = keepProvisionerRunning(world, `switch-${version}`, []);
        const switched = await world.call('POST', `/clients/${id}/switch?targetImage=alfa/client:${version}`);
        expect((await finished(world.call, switched.body.data.id)).status).toBe('ok');
        await calm.stop();
      }

      const { end, crashes } = await walk(`migrate-${version}`, 'POST', `/clients/${id}/migrate`);
      expect([end.status, end.error?.step ?? null]).toEqual([status, status === 'ok' ? null : 'migrate']);
      expect(crashes.length).toBeGreaterThanOrEqual(atLeast(13));
      const after = await visit(address);
      expect(after.status).toBe(200);
      for (const fact of ['users', 'patients', 'orders']) {
        expect([fact, factOf(after.text, fact)]).toEqual([fact, factOf(before, fact)]);
      }
      expect(Number(factOf(after.text, 'migrations')) - Number(factOf(before, 'migrations'))).toBe(
        status === 'ok' ? 1 : 0,
      );
      expect(await client()).toMatchObject({ maintenance: null, runningOperation: null });
      expect(await things()).toEqual(whole);
    },
    500_000,
  );

  test('a deletion leaves nothing', async () => {
    const { end, crashes } = await walk('delete', 'DELETE', `/clients/${id}?confirm=${slug}`);
    expect([end.status, end.error]).toEqual(['ok', null]);
    expect(crashes.length).toBeGreaterThanOrEqual(atLeast(16));
    expect(await things()).toEqual([]);
    expect((await world.call('GET', `/clients/${id}`)).status).toBe(410);
    const backups = (await world.call('GET', `/clients/${id}/backups`)).body.data;
    const kinds = backups.map(({ attributes }: Resource) => attributes['kind']);
    // One of each migration before.
    expect(kinds).toEqual(['final', 'migration', 'migration']);
  }, 500_000);
});
