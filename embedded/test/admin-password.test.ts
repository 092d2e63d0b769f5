import { afterEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { eventually, freePort, startNatsServer, temporaryDirectory } from '@alfa-cloud/testing';
import { createAlfaCloud } from '../src/alfa-cloud.ts';
import { readAlfaCloudConfig } from '../src/config.ts';
import { createCaller } from './support/caller.ts';

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0)) await step();
});

/** The product, and one gateway more in a process of its own. @returns where both answer */
const startWithTwoGateways = async (): Promise<string[]> => {
  const nats = await startNatsServer();
  cleanup.unshift(async () => nats[Symbol.asyncDispose]());
  const directory = await temporaryDirectory('alfa-admin-password-');
  cleanup.unshift(() => directory.remove());
  const env = {
    PATH: process.env['PATH'],
    NATS_URL: nats.url,
    ALFA_DATA_DIR: directory.path,
    ALFA_OPERATIONS_PORT: '0',
    ALFA_ADMIN_PASSWORD: 'Correct-Horse-7',
    ALFA_LOG_LEVEL: 'silent',
  };
  const cloud = createAlfaCloud(readAlfaCloudConfig({ ...env, ALFA_HTTP_PORT: '0' }));
  cleanup.unshift(() => cloud.stop());
  await cloud.start();

  const port = await freePort();
  const second = spawn(process.execPath, ['--no-warnings', 'services/api-gateway/src/main.ts'], {
    env: {
      ...env,
      ALFA_HTTP_PORT: String(port),
      ALFA_MASTER_KEY_FILE: join(directory.path, 'master.key'),
    },
  });
  cleanup.unshift(async () => second.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await eventually('the second gateway', async () => (await fetch(`${url}/health/ready`)).ok, {
    timeoutMs: 90_000,
  });
  return [cloud.url, url];
};

test('a changed password holds at once in two gateways of two processes, and stands in the history without itself', async () => {
  const urls = await startWithTwoGateways();
  const statuses = (password: string) =>
    Promise.all(urls.map(async (url) => (await createCaller(url, password)('GET', '/servers')).status));
  let current = 'Correct-Horse-7';
  for (let round = 0; round < 6; round += 1) {
    const next = `Another-Horse-${round}`;
    expect(await statuses(current)).toEqual([200, 200]);
    const answer = await createCaller(urls[round % 2] ?? '', current)('POST', '/cloud_admin_password', {
      data: {
        type: 'cloud-admin-passwords',
        attributes: { currentPassword: current, newPassword: next },
      },
    });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await statuses(current)).toEqual([401, 401]);
    expect(await statuses(next)).toEqual([200, 200]);
    current = next;
  }
  // Asked where the last change was made: that gateway knows how far the history must have come.
  const history = await createCaller(urls[1] ?? '', current)('GET', '/history');
  const kinds = history.body.data.map(({ attributes }: { attributes: { kind: string } }) => attributes.kind);
  expect(kinds.filter((kind: string) => kind === 'AdminCredentialsChanged')).toHaveLength(6);
  expect(history.text).not.toContain('Horse');
});
