import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  execInContainer,
  eventually,
  freePort,
  rigImages,
  startDockerEngine,
  startNatsServer,
  temporaryDirectory,
  type DockerEngine,
  type NatsServer,
} from '@alfa-cloud/testing';
import { parseVariables, readComposeFile } from '@alfa-cloud/testing/compose';
import {
  buildComposeImage,
  createComposeNetwork,
  ensureNodeImage,
  startComposeServices,
} from '@alfa-cloud/testing/compose-engine';
import { clientDocument, createCaller, followCreation, registerServer } from './support/caller.ts';
import { startEventStoreProcess, type EventStoreProcess } from './support/event-store-process.ts';

const root = join(import.meta.dirname, '../..');
const names = ['projector', 'provisioner', 'builder', 'notifier', 'api-gateway'];
const password = 'Correct-Horse-7';

const cleanup: (() => Promise<unknown>)[] = [];
let engine: DockerEngine;
let nats: NatsServer;
let eventStore: EventStoreProcess;
let url: string;

/** What an operator does by `bin/prepare-compose`, with settings for this engine. */
const prepare = async (directory: string, settings: Record<string, string>) => {
  await mkdir(join(directory, 'bin'));
  for (const name of ['bin/prepare-compose', '.env.example'])
    await copyFile(join(root, name), join(directory, name));
  await promisify(execFile)(join(directory, 'bin/prepare-compose'));
  return { ...parseVariables(await readFile(join(directory, '.env'), 'utf8')), ...settings };
};

beforeAll(async () => {
  const directory = await temporaryDirectory('alfa-compose-');
  cleanup.unshift(() => directory.remove());
  engine = await startDockerEngine();
  cleanup.unshift(() => engine.dispose());
  const { docker, socketPath } = engine;

  // Addresses beside the engine's own, which no other engine of this machine has.
  const { IPAM } = await docker.getNetwork('bridge').inspect();
  const net = String(IPAM?.Config?.[0]?.['Gateway']).replace(/\.\d+\.\d+$/, '');
  const gateway = `${net}.250.1`;
  const passwordFile = join(directory.path, 'admin-password');
  await writeFile(passwordFile, password);
  await chmod(passwordFile, 0o444);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const variables = await prepare(directory.path, {
    ALFA_MASTER_KEY_FILE: join(directory.path, 'secrets/master.key'),
    ALFA_ADMIN_PASSWORD_FILE: passwordFile,
    ALFA_NODE_IMAGE: await ensureNodeImage(docker),
    ALFA_PUBLISH: `127.0.0.1:${port}`,
    ALFA_NETWORK_SUBNET: `${net}.250.0/24`,
    ALFA_NETWORK_GATEWAY: gateway,
    ALFA_DOCKER_SOCKET: socketPath,
    ALFA_SERVER_ROOT: join(directory.path, 'server'),
    ALFA_DATABASE_IMAGE: rigImages.database,
    ALFA_PROXY_IMAGE: rigImages.proxy,
    ALFA_FREE_DISK_MIN_MB: '256',
  });
  const placement = {
    file: await readComposeFile(join(root, 'docker-compose.yml'), variables),
    directory: root,
    // NATS and the event store of the rig stand in for the two images that no registry gives.
    outside: { nats: gateway, eventstore: gateway },
  };
  await buildComposeImage(docker, placement, {
    target: 'dependencies',
    tag: 'alfa/root-dependencies:latest',
  });
  await createComposeNetwork(docker, placement);
  nats = await startNatsServer({ address: gateway, port: 4222 });
  cleanup.unshift(async () => nats[Symbol.asyncDispose]());
  eventStore = await startEventStoreProcess(join(directory.path, 'events'), { host: gateway, port: 2113 });
  cleanup.unshift(() => eventStore.kill());
  await startComposeServices(docker, placement, names);
}, 600_000);
afterAll(async () => {
  for (const step of cleanup.splice(0)) await step();
});

const containerOf = (name: string) => `alfa-cloud-${name}-1`;

/** Every line that a container has written, on either stream. */
const logOf = async (name: string): Promise<string[]> => {
  const output = await engine.docker
    .getContainer(containerOf(name))
    .logs({ stdout: true, stderr: true, follow: false });
  const pieces: Buffer[] = [];
  // Each piece stands behind 8 bytes, the last four of which are its length.
  for (let at = 0; at < output.length;) {
    const end = at + 8 + output.readUInt32BE(at + 4);
    pieces.push(output.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
};

test('the services of docker-compose.yml, from the image of the Dockerfile, create a client', async () => {
  const call = createCaller(url, password);
  const server = await registerServer(call);
  const { status, body } = await call(
    'POST',
    '/clients/create',
    clientDocument(server.id, 'composed', rigImages.client),
  );
  expect(status).toBe(202);
  expect((await followCreation(call, body.data.id)).attributes).toMatchObject({ completed: 'ok' });

  const images = (await call('GET', `/servers/${server.id}/images`)).body.data;
  const references: string[] = images.flatMap(
    ({ attributes }: { attributes: { references: string[] } }) => attributes.references,
  );
  expect(references).toContain(rigImages.client);
  for (const other of ['alfa-cloud', rigImages.database, rigImages.proxy])
    expect(references.filter((reference) => reference.startsWith(other))).toEqual([]);
});

test('a clean first start has nothing to warn of', async () => {
  const remarkable: string[] = [];
  for (const name of names) {
    const lines = await logOf(name);
    expect(lines.length).toBeGreaterThan(0);
    remarkable.push(...lines.filter((line) => !line.startsWith('{"level":"info"')));
  }
  expect(remarkable).toEqual([]);
});

test('only who needs the Docker socket runs as root, and none finds a secret in its image', async () => {
  for (const name of names) {
    const { stdout } = await execInContainer(engine.docker, containerOf(name), ['id', '-u']);
    const usesDocker = ['provisioner', 'builder'].includes(name);
    expect([name, stdout.trim()]).toEqual([name, usesDocker ? '0' : '1000']);
  }
  const filesIn = async (directory: string): Promise<string[]> => {
    const { stdout } = await execInContainer(engine.docker, containerOf('builder'), ['ls', '-A', directory]);
    return stdout.trim().split('\n').sort();
  };
  expect(await filesIn('/app')).toEqual([
    'console',
    'embedded',
    'libs',
    'node_modules',
    'package-lock.json',
    'package.json',
    'services',
    'testing',
  ]);
  // Its sources and tools stay with the stage that has built it.
  expect(await filesIn('/app/console')).toEqual(['dist', 'package.json']);
});

test('the console is in the image', async () => {
  const page = await fetch(`${url}/console/`);
  expect([page.status, (await page.text()).includes('<div id="app">')]).toEqual([200, true]);
});

test('a container of the network reads the measurements of each service', async () => {
  const script = (name: string) =>
    `fetch('http://${name}:9100/metrics').then((r) => r.text()).then((text) => process.stdout.write(text))`;
  for (const name of names) {
    const { stdout } = await execInContainer(engine.docker, containerOf('notifier'), [
      'node',
      '-e',
      script(name),
    ]);
    expect(stdout).toContain(`service="${name}"`);
  }
});

test('admin:reset works in the image', async () => {
  const { stdout, code } = await execInContainer(engine.docker, containerOf('api-gateway'), [
    'npm',
    'run',
    '--silent',
    'admin:reset',
  ]);
  const [, next = ''] = /^Administrator: admin \/ (\S+)\n/.exec(stdout) ?? [];
  expect([code, next.length > 20]).toEqual([0, true]);
  const statusWith = async (of: string) => (await createCaller(url, of)('GET', '/servers')).status;
  expect([await statusWith(password), await statusWith(next)]).toEqual([401, 200]);
});

test('engines that are away for a while leave no stack traces in the logs', async () => {
  await eventStore.kill();
  await nats.kill();
  const isReady = async () =>
    (
      await execInContainer(engine.docker, containerOf('projector'), [
        'node',
        '-e',
        "fetch('http://127.0.0.1:9100/health/ready').then((r) => process.exit(r.ok ? 0 : 1))",
      ])
    ).code === 0;
  await eventually('the projector notices', async () => !(await isReady()));
  // Long enough for every watch and round to have met the gap.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  await nats.start();
  await eventStore.start();
  await eventually('the projector is ready again', isReady, { timeoutMs: 60_000 });
  const traces: string[] = [];
  for (const name of names)
    traces.push(...(await logOf(name)).filter((line) => /\bat .*:\d+:\d+/.test(line)));
  expect(traces).toEqual([]);
});
