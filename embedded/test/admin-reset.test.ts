import { afterEach, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { eventually, freePort, temporaryDirectory } from '@alfa-cloud/testing';
import { createCaller } from './support/caller.ts';

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0)) await step();
});

const start = async () => {
  const directory = await temporaryDirectory('alfa-reset-');
  cleanup.unshift(() => directory.remove());
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'],
    ALFA_DATA_DIR: directory.path,
    ALFA_HTTP_PORT: String(port),
    ALFA_OPERATIONS_PORT: '0',
    ALFA_ADMIN_LOGIN: 'admin',
    ALFA_ADMIN_PASSWORD: 'Correct-Horse-7',
  };
  const startProduct = async () => {
    const child = spawn(process.execPath, ['--no-warnings', 'embedded/src/main.ts'], { env });
    cleanup.unshift(async () => child.kill('SIGKILL'));
    await eventually(
      'the product is ready',
      async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok,
      { timeoutMs: 60_000 },
    );
    return async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    };
  };
  const statusWith = async (password: string) =>
    (await createCaller(`http://127.0.0.1:${port}`, password)('GET', '/servers')).status;
  return { env, startProduct, statusWith };
};

/** `npm run admin:reset` without npm. */
const reset = async (env: NodeJS.ProcessEnv): Promise<string> => {
  const program = ['--no-warnings', 'embedded/src/admin-reset-main.ts'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, program, { env, timeout: 60_000 });
  expect(stderr).toBe('');
  const password = /^Administrator: admin \/ (\S+)\n/.exec(stdout)?.[1] ?? '';
  expect(password.length).toBeGreaterThan(20);
  return password;
};

test('admin:reset: a lost password is replaced while the product runs, at once, and while it is stopped', async () => {
  const { env, startProduct, statusWith } = await start();
  const stop = await startProduct();
  expect(await statusWith('Correct-Horse-7')).toBe(200);
  const second = await reset(env);
  expect([await statusWith('Correct-Horse-7'), await statusWith(second)]).toEqual([401, 200]);
  await stop();

  const third = await reset(env);
  await startProduct();
  expect([await statusWith(second), await statusWith(third)]).toEqual([401, 200]);
});

test('admin:reset says so where nothing of Alfa Cloud is, and makes nothing there', async () => {
  const directory = await temporaryDirectory('alfa-reset-');
  cleanup.unshift(() => directory.remove());
  const env = { PATH: process.env['PATH'], ALFA_DATA_DIR: `${directory.path}/none` };
  await expect(reset(env)).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('Nothing of Alfa Cloud lies in'),
  });
});
