import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inventory } from '@alfa-cloud/provisioner';
import {
  buildImage,
  eventually,
  execInContainer,
  startFarm,
  walkExtent,
  type Farm,
} from '@alfa-cloud/testing';
import { visit, visitAllTheTime } from './support/browser.ts';
import { act, clientDocument, followCreation } from './support/caller.ts';
import { startMailTrap, type MailTrap } from './support/mail-trap.ts';
import { onFarm, type Place } from './support/place.ts';
import { startWorld, type World } from './support/world.ts';

const mailing = 'alfa/client:mailing';
const argv = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf', '--batch', '--skip-column-names'];
const maskingSql = "UPDATE patients SET full_name = CONCAT('Masked ', id)";
/** What SQL for masking must not reach: files, programs, another database. */
const reaching = [
  "LOAD DATA LOCAL INFILE '/run/alfa/client.cnf' INTO TABLE jobs",
  '\\! touch /tmp/by-shell',
  ...(walkExtent(process.env, new Date()).isFull
    ? ['SELECT * FROM mysql.global_priv', 'system touch /tmp/by-system']
    : []),
];

let farm: Farm;
let world: World;
/** On each of the two machines. */
let traps: { production: MailTrap; stage: MailTrap };
let production: Place;
let stage: Place;
let stageId: string;
let clientId: string;
let copyId: string;

beforeAll(async () => {
  farm = await startFarm([{ docker: true }, { docker: true }]);
  [production, stage] = farm.servers.map((machine) => onFarm(farm, machine)) as [Place, Place];
  traps = {
    production: await startMailTrap(production.docker, 'alfa/client:1'),
    stage: await startMailTrap(stage.docker, 'alfa/client:1'),
  };
  const folder = join(import.meta.dirname, 'images/mailing');
  await buildImage(production.docker.docker, { folder, tag: mailing, inputs: 'copy' });
  world = await startWorld({
    place: production,
    env: { ALFA_AVAILABILITY_INTERVAL_S: '1', ALFA_BACKUP_EVERY_H: '0' },
  });
  const [made, target] = await Promise.all([
    world.register({ name: 'production', domain: 'one.localhost' }),
    world.register({
      name: 'stage',
      role: 'stage',
      domain: 'two.localhost',
      connection: stage.connection,
    }),
  ]);
  stageId = target.id;
  const document = clientDocument(made.id, 'ada', mailing, { demo: true });
  clientId = (await world.call('POST', '/clients/create', document)).body.data.id;
  expect((await followCreation(world.call, clientId)).attributes).toMatchObject({ completed: 'ok' });
}, 300_000);
afterAll(async () => {
  await world?.dispose();
  await Promise.all([production, stage].map((place) => place?.dispose()));
  await farm?.dispose();
});

const sql = async (place: Place, database: string, statement: string): Promise<string> => {
  const engine = place.docker.docker;
  const { code, stdout, stderr } = await execInContainer(
    engine,
    'alfa-database',
    [...argv, database],
    statement,
  );
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
};

const cloudOf = async (id: string): Promise<string> =>
  (await world.call('GET', `/clients/${id}`)).body.data.links.cloud;

const letter = async (id: string, { address }: Place) =>
  (await visit(await cloudOf(id), '/letter', { form: {}, machine: address })).text;

const path = (query = '') => `/clients/${clientId}/copy_to?targetServer=${stageId}${query}`;
const copies = (attributes: object) => ({ data: { type: 'copies', attributes } });
const later = `'2000-01-01'), ('2037-01-01'`;
const fill = `INSERT INTO jobs (due) VALUES (${later}); INSERT INTO failed_jobs (due) VALUES (${later});
  INSERT INTO scheduled_jobs (due) VALUES (${later})`;
const counts =
  'SELECT (SELECT COUNT(*) FROM jobs), (SELECT COUNT(*) FROM failed_jobs), (SELECT COUNT(*) FROM scheduled_jobs)';

test('the source sends mails, by its pages and by its schedule', async () => {
  expect(await letter(clientId, production)).toBe('production 0');
  await sql(production, 'alfa_ada', fill);
  await eventually(
    'the letter and what was due are sent',
    async () => (await traps.production.count()) >= 3 || undefined,
  );
});

test.each(reaching)('masking by %s fails, and leaves nothing on the stage server', async (wrong) => {
  const end = await act(world.call, 'POST', path(), copies({ maskingSql: `${wrong};\n` }));
  expect(end.error?.code).toBe('masking_failed');
  const files = await execInContainer(stage.docker.docker, 'alfa-database', ['ls', '/tmp']);
  expect(files.stdout).not.toContain('by-');
  const { containers, databases, volumes } = await inventory(stage.server);
  expect({ containers, databases, volumes }).toEqual({
    containers: ['alfa-database', 'alfa-proxy'],
    databases: [],
    volumes: ['alfa-database'],
  });
});

test('its copy holds the same but queues, is masked, and sends nothing; the source has served all the time', async () => {
  await sql(production, 'alfa_ada', fill.replaceAll(`'2000-01-01'), (`, ''));
  const cloud = await cloudOf(clientId);
  const visitors = visitAllTheTime(() => visit(cloud, '/', { machine: production.address }));
  const end = await act(world.call, 'POST', path(), copies({ maskingSql }));
  const { count, failures } = await visitors.stop();
  expect([end.status, end.error]).toEqual(['ok', null]);
  expect(failures).toEqual([]);
  expect(count).toBeGreaterThan(3);
  copyId = (end.result as { clientId: string }).clientId;

  expect(await sql(stage, 'alfa_ada-stage', counts)).toBe('0\t0\t0');
  const patients = 'SELECT COUNT(*) FROM patients';
  expect(await sql(stage, 'alfa_ada-stage', patients)).toBe(await sql(production, 'alfa_ada', patients));
  expect(await letter(copyId, stage)).toMatch(/^staging [1-9]/);
  // What is due in the copy stays undone.
  await sql(stage, 'alfa_ada-stage', fill);
  const found = await execInContainer(stage.docker.docker, 'alfa-ada-stage', [
    'sh',
    '-c',
    'cat /proc/[0-9]*/cmdline',
  ]);
  expect(found.stdout).not.toContain('tick.php');
  expect(await sql(stage, 'alfa_ada-stage', 'SELECT COUNT(*) FROM scheduled_jobs')).toBe('2');
  expect(await traps.stage.count()).toBe(0);
});

test('the copy is made anew once that is confirmed, and deleted without its source', async () => {
  const refusal = await world.call('POST', path());
  expect([refusal.status, refusal.body.errors[0].code]).toEqual([422, 'confirmation_required']);
  await sql(
    stage,
    'alfa_ada-stage',
    "INSERT INTO patients (full_name, born_on) VALUES ('entered in the copy', '2000-01-01')",
  );
  const end = await act(world.call, 'POST', path('&confirm=true'));
  expect([end.status, end.error]).toEqual(['ok', null]);
  const entered = "SELECT COUNT(*) FROM patients WHERE full_name LIKE 'entered%' OR full_name LIKE 'Masked%'";
  expect(await sql(stage, 'alfa_ada-stage', entered)).toBe('0');
  expect(await sql(stage, 'alfa_ada-stage', counts)).toBe('0\t0\t0');
  expect(await letter(copyId, stage)).toBe('staging 0');
  const { containers } = await inventory(stage.server);
  expect(containers).toEqual(['alfa-ada-stage', 'alfa-database', 'alfa-proxy']);

  const deleted = await act(world.call, 'DELETE', `/clients/${copyId}?confirm=ada-stage`);
  expect([deleted.status, deleted.error]).toEqual(['ok', null]);
  expect((await inventory(stage.server)).databases).toEqual([]);
  expect((await visit(await cloudOf(clientId), '/', { machine: production.address })).status).toBe(200);
});
