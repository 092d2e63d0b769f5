import { afterAll, beforeAll, expect, it } from '@jest/globals';

import type { DockerEngine } from '../src/index.ts';
import { eventually, execInContainer, rigImages, startDockerEngine } from '../src/index.ts';
import { rootPassword, startDatabase } from './laboratory.ts';

let engine: DockerEngine;
let database: Awaited<ReturnType<typeof startDatabase>>;

beforeAll(async () => {
  engine = await startDockerEngine();
  database = await startDatabase(engine.docker);
});

afterAll(async () => {
  await engine?.dispose();
});

it('lets in root with the password and nobody else', async () => {
  const users = await database.query("select concat(user, '@', host) from mysql.user order by 1");
  expect(users.split('\n')).toEqual(['mariadb.sys@localhost', 'root@localhost']);
  const withoutPassword = await execInContainer(engine.docker, 'database', [
    'mariadb',
    '-uroot',
    '-e',
    'select 1',
  ]);
  expect(withoutPassword.code).toBe(1);
  expect(await database.query("show databases like 'test'")).toBe('');
});

it('keeps data and password over a restart and a power cut', async () => {
  await database.query(
    'create database kept; create table kept.facts (n int); insert into kept.facts values (42)',
  );
  const back = () =>
    eventually(
      'the database to be back',
      async () => (await database.query('select n from kept.facts')) === '42',
    );
  await database.container.restart({ t: 10 });
  await back();
  await engine.powerOff();
  await engine.start();
  await database.container.start();
  await back();
});

it('recovers from being killed in the middle of the first start', async () => {
  const container = await engine.docker.createContainer({
    Image: rigImages.database,
    name: 'interrupted',
    Env: [`MARIADB_ROOT_PASSWORD=${rootPassword}`],
  });
  const logs = async () => (await container.logs({ stdout: true, stderr: true })).toString();
  await container.start();
  await eventually(
    'the initialisation to begin',
    async () => (await logs()).includes('making the data directory'),
    {
      intervalMs: 5,
    },
  );
  await container.kill();
  expect(await logs()).not.toContain('data directory made');
  await container.start();
  await eventually('the database to answer after all', async () => {
    const argv = ['mariadb', '-uroot', `-p${rootPassword}`, '-e', 'select 1'];
    return (await execInContainer(engine.docker, 'interrupted', argv)).code === 0;
  });
});

it('does not start without a root password', async () => {
  const container = await engine.docker.createContainer({ Image: rigImages.database, name: 'unprotected' });
  await container.start();
  expect(await container.wait()).toMatchObject({ StatusCode: 1 });
});
