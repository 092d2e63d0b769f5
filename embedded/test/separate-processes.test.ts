import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, freePort, startNatsServer, temporaryDirectory } from '@alfa-cloud/testing';
import { createCaller, type Caller } from './support/caller.ts';
import { startEventStoreProcess } from './support/event-store-process.ts';

/** As docker-compose.yml runs them: each service a process of its own, with health of its own. That they create a client is shown by compose.test.ts. */
const names = ['projector', 'provisioner', 'builder', 'notifier', 'api-gateway'] as const;

const cleanup: (() => Promise<unknown>)[] = [];
const services = new Map<string, { child: ChildProcess; healthUrl: string; output: () => string }>();
let call: Caller;

const startService = async (name: string, env: NodeJS.ProcessEnv) => {
  const port = await freePort();
  const child = spawn(process.execPath, ['--no-warnings', `services/${name}/src/main.ts`], {
    env: { ...env, ALFA_OPERATIONS_PORT: String(port) },
  });
  cleanup.unshift(async () => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  services.set(name, { child, healthUrl: `http://127.0.0.1:${port}`, output: () => output });
};

beforeAll(async () => {
  const directory = await temporaryDirectory('alfa-separate-');
  cleanup.unshift(() => directory.remove());
  const nats = await startNatsServer();
  cleanup.unshift(async () => nats[Symbol.asyncDispose]());
  const eventStore = await startEventStoreProcess(join(directory.path, 'events'));
  cleanup.unshift(() => eventStore.kill());
  const masterKeyFile = join(directory.path, 'master.key');
  await mkdir(join(directory.path, 'data'));
  await writeFile(masterKeyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
  const httpPort = await freePort();
  const env = {
    PATH: process.env['PATH'],
    NATS_URL: nats.url,
    ESDB_URL: eventStore.url,
    ALFA_MASTER_KEY_FILE: masterKeyFile,
    ALFA_DATA_DIR: join(directory.path, 'data'),
    ALFA_SERVER_ROOT: join(directory.path, 'server'),
    ALFA_DOCKER_SOCKET: join(directory.path, 'no-docker.sock'),
    ALFA_HTTP_PORT: String(httpPort),
    ALFA_ADMIN_PASSWORD: 'Correct-Horse-7',
  };
  for (const name of names) await startService(name, env);
  call = createCaller(`http://127.0.0.1:${httpPort}`, 'Correct-Horse-7');
});
afterAll(async () => {
  for (const step of cleanup.splice(0)) await step();
});

test.each(names)('%s alone becomes ready and measures itself', async (name) => {
  const service = services.get(name);
  const report = await eventually(
    `${name} is ready`,
    async () => {
      const response = await fetch(`${service?.healthUrl}/health/ready`);
      return response.ok ? ((await response.json()) as { service: string }) : undefined;
    },
    { timeoutMs: 90_000 },
  );
  expect(report.service).toBe(name);
  expect(await (await fetch(`${service?.healthUrl}/metrics`)).text()).toContain(`service="${name}"`);
});

test('together they make a key, and tell of it', async () => {
  const { status, body } = await call('POST', '/servers/keys');
  expect(status).toBe(201);
  const { data } = (await call('GET', `/servers/keys/${body.data.id}`)).body;
  expect(data).toEqual(body.data);
  const kinds = (await call('GET', '/history')).body.data.map(
    ({ attributes }: { attributes: { kind: string } }) => attributes.kind,
  );
  expect(kinds).toContain('SshKeyMade');
});

test.each(names)('%s ends in good order', async (name) => {
  const service = services.get(name);
  if (service === undefined) throw new Error(`${name} was not started`);
  service.child.kill('SIGTERM');
  expect(await once(service.child, 'exit')).toEqual([0, null]);
  expect(service.output()).toContain('"msg":"stopped"');
  expect(service.output()).not.toMatch(/"level":"(?:error|fatal)"/);
});
