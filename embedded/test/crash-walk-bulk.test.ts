import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, sampleOf, walkExtent } from '@alfa-cloud/testing';
import { visit } from './support/browser.ts';
import {
  clientDocument,
  finished,
  followCreation,
  registerServer,
  type Resource,
  type Server,
} from './support/caller.ts';
import { keepProvisionerRunning } from './support/kept-service.ts';
import { startWorld, type World } from './support/world.ts';

const extent = walkExtent(process.env, new Date());
const clientsMax = extent.isFull ? 20 : 6;
/** Kills in every step of operation and children: at all moments of it, or at one, which changes with the day. */
const inSteps = ['*/started', '*/started/call 1', '*/acted', '*/completed'];
const points = [
  '/claimed',
  ...(extent.isFull ? inSteps : sampleOf(inSteps, 1, `${extent.seed} bulk`)),
  '/concluding',
  '/concluded',
];
const slugs = Array.from({ length: clientsMax }, (_, index) => `bulk${String(index + 1).padStart(2, '0')}`);

let world: World;
let server: Server;
const ids = new Map<string, string>();

beforeAll(async () => {
  world = await startWorld({
    services: 'projector,builder,notifier,api-gateway',
    env: { ALFA_BACKUP_EVERY_H: '0', ALFA_HEALTH_TIMEOUT_S: '60' },
  });
  const provisioner = keepProvisionerRunning(world, 'prepare', []);
  server = await registerServer(world.call);
  await Promise.all(
    slugs.map(async (slug) => {
      const { body } = await world.call(
        'POST',
        '/clients/create',
        clientDocument(server.id, slug, 'alfa/client:1', { limits: { memoryMb: 128 } }),
      );
      const { attributes } = await followCreation(world.call, body.data.id, 400_000);
      expect(attributes).toMatchObject({ completed: 'ok' });
      ids.set(slug, body.data.id);
    }),
  );
  await provisioner.stop();
}, 500_000);
afterAll(() => world?.dispose());

const clients = async (): Promise<Resource[]> =>
  (await world.call('GET', '/clients?page[size]=100&sort=slug')).body.data;

/** What stands on the engine is what the read model says, and nothing else. */
const expectInventoryAsTold = async () => {
  const told = await clients();
  const { containers } = await world.inventory();
  expect(containers).toEqual(
    [
      'alfa-database',
      'alfa-proxy',
      ...told.map(({ attributes }) => `alfa-${String(attributes['slug'])}`),
    ].sort(),
  );
  for (const { attributes, relationships, links } of told) {
    const container = await world.docker.docker.getContainer(`alfa-${String(attributes['slug'])}`).inspect();
    const reference = container.Config.Labels['cloud.alfa.image.reference'];
    expect([attributes['slug'], container.Image, reference, container.State.Running]).toEqual([
      attributes['slug'],
      attributes['imageId'],
      attributes['image'],
      true,
    ]);
    expect([
      attributes['slug'],
      attributes['maintenance'],
      relationships?.['runningOperation']?.data,
    ]).toEqual([attributes['slug'], null, null]);
    expect([attributes['slug'], (await visit(String(links?.['cloud']))).status]).toEqual([
      attributes['slug'],
      200,
    ]);
  }
};

test('what a bulk operation would do is told without doing it', async () => {
  const provisioner = keepProvisionerRunning(world, 'plan', []);
  const plan = await eventually('the provisioner answers', async () => {
    const answer = await world.call('GET', '/clients/switch_all?targetImage=alfa/client:2&dryRun=true');
    return answer.status === 503 ? undefined : answer;
  });
  expect([plan.status, plan.body.data?.type ?? plan.text]).toEqual([200, 'bulk-plans']);
  expect(plan.body.data.attributes.clients).toHaveLength(clientsMax);
  const nothing = await world.call('GET', '/operations?filter[kind]=clients.switch');
  expect(nothing.body.meta.total).toBe(0);
  await provisioner.stop();
});

test(`switch_all over ${clientsMax} clients, its provisioner killed all along: every client on the new image, told truly (ALFA_TEST_SEED=${extent.seed})`, async () => {
  const provisioner = keepProvisionerRunning(world, 'bulk', points);
  const answer = await world.call('GET', '/clients/switch_all?targetImage=alfa/client:2&waveSize=4');
  expect(answer.status).toBe(202);
  const end = await finished(world.call, answer.body.data.id, 700_000);
  expect([end.status, end.error]).toEqual(['ok', null]);
  expect(end.progress).toMatchObject({ total: clientsMax, done: clientsMax, failed: 0, running: 0 });
  await provisioner.stop();
  expect((await provisioner.crashes()).length).toBeGreaterThan(extent.isFull ? 25 : 10);
  const children = await world.call('GET', `/operations?filter[parent]=${end.id}&page[size]=100`);
  expect(children.body.meta.total).toBe(clientsMax);
  expect(new Set(children.body.data.map(({ attributes }: Resource) => attributes['status']))).toEqual(
    new Set(['ok']),
  );
  await expectInventoryAsTold();
}, 900_000);

test('migrate_all after it, cancelled in the middle: running clients finish, none is left in maintenance; the retry does the rest', async () => {
  const provisioner = keepProvisionerRunning(world, 'migrate', []);
  const answer = await world.call('POST', '/clients/migrate_all?canary=1&waveSize=2');
  const parent = answer.body.data.id as string;
  await eventually(
    'three are done',
    async () => {
      const { progress } = (await world.call('GET', `/operations/${parent}`)).body.data.attributes;
      return progress !== null && progress.done >= 3;
    },
    { timeoutMs: 120_000 },
  );
  expect((await world.call('POST', `/operations/${parent}/cancel`)).status).toBe(202);
  const end = await finished(world.call, parent, 200_000);
  expect(end.status).toBe('cancelled');
  expect(end.progress?.done).toBeLessThan(clientsMax);
  await expectInventoryAsTold();

  const again = await world.call('POST', `/operations/${parent}/retry`);
  expect([again.status, again.body.data?.type ?? again.text]).toEqual([202, 'operations']);
  const rest = await finished(world.call, again.body.data.id, 400_000);
  expect([rest.status, rest.error]).toEqual(['ok', null]);
  expect((rest.progress?.total ?? 0) + (end.progress?.done ?? 0)).toBe(clientsMax);
  await provisioner.stop();
  await expectInventoryAsTold();
}, 700_000);

test('too many failures stop a bulk operation; its failed clients keep their version and are left out next time', async () => {
  const provisioner = keepProvisionerRunning(world, 'failures', []);
  const { body } = await world.call(
    'POST',
    '/clients/switch_all?targetImage=alfa/client:broken&canary=0&waveSize=2&stopAfter=2',
  );
  const end = await finished(world.call, body.data.id, 300_000);
  expect([end.status, end.error?.code]).toEqual(['error', 'too_many_failures']);
  expect(end.progress?.failed).toBeGreaterThanOrEqual(2);
  expect(end.progress?.done).toBeLessThan(clientsMax - 2);
  await expectInventoryAsTold();
  const plan = await world.call('GET', '/clients/switch_all?targetImage=alfa/client:1&dryRun=true');
  expect(plan.body.data.attributes.skipped).toEqual(
    expect.arrayContaining([expect.objectContaining({ code: 'unresolved_failure' })]),
  );
  await provisioner.stop();
}, 400_000);

test('deploy replaces no container whose configuration is as it was', async () => {
  const provisioner = keepProvisionerRunning(world, 'deploy', []);
  const startedAt = async () =>
    Promise.all(
      slugs.map(
        async (slug) => (await world.docker.docker.getContainer(`alfa-${slug}`).inspect()).State.StartedAt,
      ),
    );
  const before = await startedAt();
  const { body } = await world.call('GET', '/clients/deploy?waveSize=8');
  const end = await finished(world.call, body.data.id, 300_000);
  expect(end.status).toBe('ok');
  expect(await startedAt()).toEqual(before);
  await provisioner.stop();
  await expectInventoryAsTold();
}, 400_000);
