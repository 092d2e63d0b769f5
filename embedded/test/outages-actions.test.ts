import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, walkExtent } from '@alfa-cloud/testing';
import { factOf, visit } from './support/browser.ts';
import {
  act,
  clientDocument,
  finished,
  followCreation,
  registerServer,
  type Operation,
  type Resource,
  type Server,
} from './support/caller.ts';
import { runSql } from './support/sql.ts';
import { startWorld, type World } from './support/world.ts';

/** How long NATS and the event store are away: longer than a command is waited for, which is 1 s here. */
const outageMs = walkExtent(process.env, new Date()).isFull ? 15_000 : 6000;
const slugs = ['ann', 'bob', 'cid', 'dan', 'eve'];

let world: World;
let server: Server;
const ids = new Map<string, string>();
const addresses = new Map<string, string>();

beforeAll(async () => {
  world = await startWorld({ env: { ALFA_BACKUP_EVERY_H: '0', ALFA_HEALTH_TIMEOUT_S: '30' } });
  server = await registerServer(world.call);
  await Promise.all(
    slugs.map(async (slug) => {
      const document = clientDocument(server.id, slug, 'alfa/client:1', { demo: true });
      const { body } = await world.call('POST', '/clients/create', document);
      expect((await followCreation(world.call, body.data.id)).attributes.completed).toBe('ok');
      ids.set(slug, body.data.id);
      addresses.set(slug, (await world.call('GET', `/clients/${body.data.id}`)).body.data.links.cloud);
    }),
  );
}, 300_000);
afterAll(() => world?.dispose());

const at = (slug: string, path = ''): string => `/clients/${ids.get(slug)}${path}`;
const look = (slug: string) => visit(addresses.get(slug) ?? '');

/** Begins an action and waits until one of its steps has begun. */
const reached = async (step: string, method: string, path: string, body?: unknown): Promise<string> => {
  const answer = await world.call(method, path, body);
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  const operationId = answer.body.data.id as string;
  await eventually(
    `step ${step} is reached`,
    async () => {
      const { attributes } = (await world.call('GET', `/operations/${operationId}`)).body.data;
      const found = attributes.steps.find(({ name }: { name: string }) => name === step);
      return found !== undefined && found.status !== 'pending';
    },
    { intervalMs: 5, timeoutMs: 120_000 },
  );
  return operationId;
};

const backupsOn = async (slug: string): Promise<string[]> => {
  const directory = join(world.directory, 'server', 'backups', ids.get(slug) ?? '');
  return (await readdir(directory).catch((): string[] => [])).sort();
};

/** Whatever came of it: told in words, everybody open, and nothing on the server that nobody knows of. */
const expectSettled = async ({ status, error }: Operation): Promise<void> => {
  expect([['ok', 'error'].includes(status), error === null]).toEqual([true, status === 'ok']);
  expect(error?.reason ?? 'ok').toMatch(/\w/);
  expect([error?.code ?? 'ok']).not.toContain('unexpected');
  for (const slug of slugs) {
    await eventually(`${slug} answers`, async () => (await look(slug)).status === 200, {
      timeoutMs: 60_000,
    });
    const { attributes, relationships } = (await world.call('GET', at(slug))).body.data;
    expect([slug, attributes.maintenance, relationships.runningOperation.data]).toEqual([slug, null, null]);
    const listed = (await world.call('GET', at(slug, '/backups?page[size]=100'))).body.data;
    expect(await backupsOn(slug)).toEqual(listed.map(({ id }: Resource) => id).sort());
  }
  const left = await world.inventory();
  expect(left.containers).toEqual(
    ['alfa-database', 'alfa-proxy', ...slugs.map((slug) => `alfa-${slug}`)].sort(),
  );
  expect(left.networks).toEqual(['alfa', ...slugs.map((slug) => `alfa-${slug}`)].sort());
  expect(left.volumes).toEqual(['alfa-database', ...slugs.map((slug) => `alfa-${slug}-storage`)].sort());
  expect([left.databases, left.databaseUsers]).toEqual(
    Array.from({ length: 2 }, () => slugs.map((slug) => `alfa_${slug}`)),
  );
  expect(left.clientFiles).toEqual(
    slugs.flatMap((slug) => [`${slug}/client.env`, `${slug}/owner.json`, `${slug}/vhost.conf`]),
  );
  const files = await readdir(join(world.directory, 'server', 'backups'), { recursive: true });
  expect(files.filter((name) => name.includes('partial'))).toEqual([]);
};

const sql = async (statement: string): Promise<void> => {
  expect(await runSql(world, statement)).toBe('');
};

/** The end of an operation that was at work when the outage began. */
const endAfter = async (operationId: string, outageBegan: number): Promise<Operation> => {
  const end = await finished(world.call, operationId, 300_000);
  const { attributes } = (await world.call('GET', `/operations/${operationId}`)).body.data;
  expect(Date.parse(attributes.finishedAt)).toBeGreaterThan(outageBegan);
  return end;
};

const factsOf = async (slug: string) => {
  const { text } = await look(slug);
  return ['users', 'patients', 'orders', 'migrations', 'installation'].map((fact) => factOf(text, fact));
};

test('NATS is away in the middle of migrate_all', async () => {
  const parent = await reached('waves', 'POST', '/clients/migrate_all?canary=1&waveSize=2');
  await world.nats.kill();
  const outageBegan = Date.now();
  expect((await world.call('POST', '/clients/migrate_all')).status).toBe(503);
  await pause(outageMs);
  await world.nats.start();
  const end = await endAfter(parent, outageBegan);
  await expectSettled(end);
  expect([end.status, end.progress]).toMatchObject([
    'ok',
    { total: slugs.length, done: slugs.length, failed: 0 },
  ]);
}, 300_000);

test('the event store is away in the middle of a switch', async () => {
  const operation = await reached('healthy', 'POST', at('ann', '/switch?targetImage=alfa/client:2'));
  await world.eventStore.kill();
  const outageBegan = Date.now();
  expect((await look('ann')).status).toBe(200);
  await pause(outageMs);
  await world.eventStore.start();
  const end = await endAfter(operation, outageBegan);
  await expectSettled(end);
  expect(end.status).toBe('ok');
  expect(factOf((await look('ann')).text, 'version')).toBe('2');
}, 300_000);

test.each([
  ['migrate', 'backup', '/migrate', 'ann'],
  ['migrate', 'migrate', '/migrate', 'bob'],
  ['back_up', 'backup', '/backups', 'cid'],
])(
  'Docker is killed during %s, in step %s, and comes back',
  async (_kind, step, path, slug) => {
    const before = await factsOf(slug);
    const operation = await reached(step, 'POST', at(slug, path));
    await world.docker.kill();
    const outageBegan = Date.now();
    await pause(3000);
    await world.docker.start();
    const end = await endAfter(operation, outageBegan);
    await expectSettled(end);
    const after = await factsOf(slug);
    // A migration of the second version adds one to those that have run; nothing else may differ.
    expect([after[0], after[1], after[2], after[4]]).toEqual([before[0], before[1], before[2], before[4]]);
  },
  400_000,
);

test('the machine loses its power during a restoration: the data of the backup, or those of before', async () => {
  const made = await act(world.call, 'POST', at('dan', '/backups'));
  expect([made.status, made.error]).toEqual(['ok', null]);
  const { backupId } = made.result ?? {};
  const backedUp = await factsOf('dan');
  await sql('SET FOREIGN_KEY_CHECKS = 0; DELETE FROM alfa_dan.orders; DELETE FROM alfa_dan.patients');
  const before = await factsOf('dan');
  expect(before).not.toEqual(backedUp);
  const operation = await reached('restore', 'POST', at('dan', '/restore'), {
    data: { type: 'restorations', attributes: { backupId, confirm: true } },
  });
  await world.docker.powerOff();
  const outageBegan = Date.now();
  await pause(3000);
  await world.docker.start();
  const end = await endAfter(operation, outageBegan);
  await expectSettled(end);
  expect(await factsOf('dan')).toEqual(end.status === 'ok' ? backedUp : before);
}, 400_000);
