import { randomBytes } from 'node:crypto';

import type Docker from 'dockerode';

import { execInContainer, eventually, freePort, rigImages } from '../src/index.ts';

export const rootPassword = `pass'word \\ ${randomBytes(6).toString('hex')}`;
const networkName = 'laboratories';

/** A MariaDB on a network of its own; answers queries as root. */
export async function startDatabase(docker: Docker) {
  await docker.createNetwork({ Name: networkName });
  const container = await docker.createContainer({
    Image: rigImages.database,
    name: 'database',
    Env: ['MARIADB_ROOT_PASSWORD_FILE=/run/secrets/root-password'],
    HostConfig: {
      NetworkMode: networkName,
      Mounts: [{ Type: 'volume', Source: 'database', Target: '/var/lib/mysql' }],
    },
  });
  await container.putArchive(await passwordArchive(), { path: '/run' });
  await container.start();
  const query = async (sql: string) => {
    const argv = ['mariadb', '-uroot', `-p${rootPassword}`, '--batch', '--skip-column-names'];
    const { code, stdout, stderr } = await execInContainer(docker, 'database', argv, sql);
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  await eventually('the database to answer', async () => (await query('select 1')) === '1');
  return { container, query };
}

/** A laboratory's application on a fresh database. */
export async function startClient(
  docker: Docker,
  image: string,
  name: string,
  settings: readonly string[] = [],
) {
  const port = await freePort();
  const container = await docker.createContainer({
    Image: image,
    name,
    Env: [
      'DB_HOST=database',
      'DB_DATABASE=alfa_lab',
      'DB_USERNAME=alfa_lab',
      'DB_PASSWORD=lab',
      'APP_NAME=Northern Laboratory',
      `APP_KEY=base64:${randomBytes(32).toString('base64')}`,
      ...settings,
    ],
    ExposedPorts: { '8000/tcp': {} },
    HostConfig: {
      NetworkMode: networkName,
      PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      Mounts: [{ Type: 'volume', Source: `${name}-storage`, Target: '/app/storage' }],
    },
  });
  await container.start();
  const url = `http://127.0.0.1:${port}`;
  return {
    container,
    url,
    artisan: (command: string, stdin?: string) =>
      execInContainer(docker, name, ['php', 'artisan', ...command.split(' ')], stdin),
    healthStatus: async () => (await fetch(`${url}/healthz`)).status,
    page: () => readPage(url),
  };
}

export const createLaboratoryDatabase = [
  'drop database if exists alfa_lab',
  'create database alfa_lab',
  "create user if not exists 'alfa_lab'@'%' identified by 'lab'",
  "grant all on alfa_lab.* to 'alfa_lab'@'%'",
].join(';');

/** What a laboratory's page says: the facts by name, the notice that blocks it. */
export async function readPage(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/`, { headers });
  const html = await response.text();
  const facts = Object.fromEntries(
    [...html.matchAll(/data-fact="([a-z]+)">([^<]*)</g)].map(([, name, value]) => [name, value]),
  );
  return { status: response.status, html, facts, blocked: /data-notice="blocked">([^<]*)</.exec(html)?.[1] };
}

/** A tar with secrets/root-password: what a real installation mounts, without a path of this machine. */
async function passwordArchive(): Promise<Buffer> {
  const content = Buffer.from(rootPassword);
  const header = Buffer.alloc(512);
  header.write('secrets/root-password');
  header.write('0000400\0'.padEnd(24, '0000000\0'), 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124);
  header.write('        0', 148);
  header.write('ustar\0\x30\x30', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
