import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { DockerEngine } from '../src/index.ts';
import { eventually, execInContainer, freePort, rigImages, startDockerEngine } from '../src/index.ts';
import { createLaboratoryDatabase, readPage, startClient, startDatabase } from './laboratory.ts';

let engine: DockerEngine;
let query: (sql: string) => Promise<string>;
let laboratory: Awaited<ReturnType<typeof startClient>>;

beforeAll(async () => {
  engine = await startDockerEngine();
  ({ query } = await startDatabase(engine.docker));
  await query(createLaboratoryDatabase);
  laboratory = await startClient(engine.docker, rigImages.client, 'laboratory');
  await eventually('the laboratory to be healthy', async () => (await laboratory.healthStatus()) === 200);
});

afterAll(async () => {
  await engine?.dispose();
});

describe('the client image', () => {
  it('has compiled its pages before it listens: first visitors come several at a time', async () => {
    const compiled = await execInContainer(engine.docker, 'laboratory', ['ls', 'bootstrap/cache']);
    const views = await execInContainer(engine.docker, 'laboratory', ['ls', 'resources/views']);
    const count = (text: string) => text.split('\n').filter((line) => line.endsWith('.php')).length;
    expect(count(views.stdout)).toBeGreaterThan(0);
    expect(count(compiled.stdout)).toBeGreaterThanOrEqual(count(views.stdout));
  });

  it('is healthy before the migration, while its page says why it is not ready', async () => {
    expect(await (await fetch(`${laboratory.url}/healthz`)).json()).toEqual({ status: 'ok', version: '1' });
    const page = await laboratory.page();
    expect(page.status).toBe(503);
    expect(page.blocked).toContain('not been migrated');
  });

  it('migrates, and a second time has nothing to do', async () => {
    const first = await laboratory.artisan('migrate --force');
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('Migrated:') });
    expect(await laboratory.artisan('migrate --force')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to migrate'),
    });
    expect((await laboratory.page()).status).toBe(200);
  });

  it('takes the owner from stdin, as often as wanted, and counts its users', async () => {
    const setTo = (password: string) => laboratory.artisan('alfa:owner-password', `director\n${password}\n`);
    expect((await setTo('first secret')).code).toBe(0);
    expect((await setTo('second secret')).code).toBe(0);
    expect((await laboratory.artisan('alfa:users-count')).stdout).toBe('1\n');

    const login = async (password: string) => {
      const body = new URLSearchParams({ login: 'director', password });
      return (await fetch(`${laboratory.url}/login`, { method: 'POST', body })).status;
    };
    expect(await login('first secret')).toBe(401);
    expect(await login('second secret')).toBe(200);
    expect(await query('select password from alfa_lab.users')).toMatch(/^\$2y\$10\$/);
    expect((await laboratory.artisan('alfa:owner-password', 'director\n')).code).toBe(2);
  });

  it('gets demo data and is rid of exactly them afterwards', async () => {
    const counts = async () => {
      const { users, patients, orders } = (await laboratory.page()).facts;
      return { users, patients, orders };
    };
    const before = await counts();
    expect((await laboratory.artisan('db:seed --class=DemoSeeder --force')).code).toBe(0);
    expect(await counts()).toEqual({ users: '4', patients: '5', orders: '10' });
    expect((await laboratory.artisan('db:seed --class=DemoInverseSeeder --force')).code).toBe(0);
    expect(await counts()).toEqual(before);
  });

  it('shows a page with what is in the database', async () => {
    const { html, facts } = await laboratory.page();
    expect(html).toContain('<h1>Northern Laboratory</h1>');
    expect(facts).toMatchObject({ owner: 'director', users: '1', version: '1', migrations: '3' });
    expect(facts['installation']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('goes down and up by artisan, healthy all the while', async () => {
    await laboratory.artisan('down');
    expect((await laboratory.page()).status).toBe(503);
    expect(await laboratory.healthStatus()).toBe(200);
    await laboratory.artisan('up');
    expect((await laboratory.page()).status).toBe(200);
  });

  it('obeys cloud_settings', async () => {
    await query(
      `create table alfa_lab.cloud_settings (maintenance tinyint not null, maintenance_message varchar(255) null,
         expires_at datetime null, quick_start tinyint not null, tutorial tinyint not null, updated_at datetime not null);
       insert into alfa_lab.cloud_settings values (1, 'Back at noon', null, 1, 0, now())`,
    );
    expect(await laboratory.page()).toMatchObject({ status: 503, blocked: 'Back at noon' });
    await query(
      'update alfa_lab.cloud_settings set maintenance = 0, expires_at = utc_timestamp() - interval 1 minute',
    );
    expect(await laboratory.page()).toMatchObject({ status: 403, blocked: expect.stringContaining('ended') });
    await query('update alfa_lab.cloud_settings set expires_at = utc_timestamp() + interval 1 minute');
    const page = await laboratory.page();
    expect(page.status).toBe(200);
    expect(page.html).toContain('data-notice="quick-start"');
    expect(page.html).not.toContain('data-notice="tutorial"');
  });

  it('stands behind the proxy under a name of its own', async () => {
    const port = await freePort();
    const proxy = await engine.docker.createContainer({
      Image: rigImages.proxy,
      name: 'proxy',
      ExposedPorts: { '80/tcp': {} },
      HostConfig: {
        NetworkMode: 'laboratories',
        PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      },
    });
    await proxy.start();
    const vhost =
      'server { listen 80; server_name north.example.test; location / { proxy_pass http://laboratory:8000; } }';
    const write = `cat > /etc/nginx/conf.d/north.conf && nginx -t && nginx -s reload`;
    expect(await execInContainer(engine.docker, 'proxy', ['sh', '-c', write], vhost)).toMatchObject({
      code: 0,
    });
    const page = await eventually('the page behind the proxy', async () => {
      const page = await readPage(`http://127.0.0.1:${port}`, { host: 'north.example.test' });
      return page.status === 200 && page;
    });
    expect(page.html).toContain('Northern Laboratory');
  });

  it('stops at once when told to', async () => {
    await laboratory.container.stop({ t: 10 });
    // Docker kills what has not ended after that time.
    expect((await laboratory.container.inspect()).State.ExitCode).not.toBe(137);
    await laboratory.container.start();
    await eventually('the laboratory to be back', async () => (await laboratory.page()).status === 200);
  });
});

describe('the variants', () => {
  const logsOf = async (name: string) =>
    (await engine.docker.getContainer(name).logs({ stdout: true, stderr: true })).toString();

  it('broken: ends at start and says why', async () => {
    const { container } = await startClient(engine.docker, rigImages.clientBroken, 'broken');
    expect(await container.wait()).toMatchObject({ StatusCode: 1 });
    expect(await logsOf('broken')).toContain('the release is incomplete');
  });

  it('unhealthy: runs and never becomes healthy', async () => {
    const client = await startClient(engine.docker, rigImages.clientUnhealthy, 'unhealthy');
    expect(await eventually('an answer', () => client.healthStatus())).toBe(500);
    expect(await logsOf('unhealthy')).toContain('self-test');
  });

  it('badmigration: changes something, then fails with an SQL error', async () => {
    const client = await startClient(engine.docker, rigImages.clientBadMigration, 'badmigration');
    const { code, stdout, stderr } = await client.artisan('migrate --force');
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('SQLSTATE[42S02]');
    expect(await query("show columns from alfa_lab.patients like 'half_done'")).not.toBe('');
    await query('alter table alfa_lab.patients drop column half_done');
  });

  it('version 2: brings one more migration', async () => {
    const client = await startClient(engine.docker, rigImages.clientNext, 'next');
    expect((await client.artisan('migrate --force')).code).toBe(0);
    const page = await eventually('the page of version 2', async () => {
      const page = await client.page();
      return page.status === 200 && page;
    });
    expect(page.facts).toMatchObject({ version: '2', migrations: '4', owner: 'director' });
  });
});
