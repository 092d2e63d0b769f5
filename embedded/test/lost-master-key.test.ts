import { afterEach, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, freePort, temporaryDirectory } from '@alfa-cloud/testing';
import { createCaller } from './support/caller.ts';

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0)) await step();
});

const password = 'Correct-Horse-7';

test('a lost master key: nothing starts without it, the right one heals all, another one is taken only when told to', async () => {
  const directory = await temporaryDirectory('alfa-lost-key-');
  cleanup.unshift(() => directory.remove());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    ALFA_DATA_DIR: directory.path,
    ALFA_HTTP_PORT: String(port),
    ALFA_OPERATIONS_PORT: '0',
    ALFA_ADMIN_PASSWORD: password,
    ALFA_SERVER_ROOT: join(directory.path, 'server'),
    ALFA_DOCKER_SOCKET: join(directory.path, 'no-docker.sock'),
  };
  const spawnProduct = () => {
    const child = spawn(process.execPath, ['--no-warnings', 'embedded/src/main.ts'], { env });
    cleanup.unshift(async () => child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    return { child, output: () => output };
  };
  const startProduct = async () => {
    const { child } = spawnProduct();
    await eventually('the product is ready', async () => (await fetch(`${url}/health/ready`)).ok, {
      timeoutMs: 60_000,
    });
    return async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    };
  };
  const refusedStart = async (): Promise<string> => {
    const { child, output } = spawnProduct();
    const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(60_000) });
    expect(code).toBe(1);
    return output();
  };
  const adopt = async (...options: string[]): Promise<string> => {
    const program = ['--no-warnings', 'embedded/src/adopt-key-main.ts', ...options];
    const { stdout } = await promisify(execFile)(process.execPath, program, { env, timeout: 60_000 });
    return stdout;
  };
  const call = createCaller(url, password);

  let stop = await startProduct();
  const attributes = { name: 'kept', domain: 'alfa.test', connection: { kind: 'local' } };
  const created = await call('POST', '/servers/create', { data: { type: 'servers', attributes } });
  expect(created.status).toBe(201);
  const serverId: string = created.body.data.id;
  await stop();

  const keyFile = join(directory.path, 'master.key');
  const rightKey = await readFile(keyFile);
  await rm(keyFile);
  const said = await refusedStart();
  expect(said).toContain('This is not the master key of this installation');
  expect(said).toContain('Put the right key file back');
  expect(said).not.toContain('    at ');

  await writeFile(keyFile, rightKey, { mode: 0o600 });
  stop = await startProduct();
  expect((await call('GET', `/servers/${serverId}`)).status).toBe(200);
  await stop();

  await rm(keyFile);
  await writeFile(keyFile, `${'ab'.repeat(32)}\n`, { mode: 0o600 });
  expect(await adopt()).toContain(`server.${serverId}`);
  expect(await refusedStart()).toContain('This is not the master key of this installation');
  expect(await adopt('--destroy-what-it-does-not-open')).toContain(`Keys destroyed: server.${serverId}`);
  stop = await startProduct();
  expect((await call('GET', `/servers/${serverId}`)).body.data.attributes).toMatchObject({ name: 'kept' });
  await stop();
}, 240_000);
