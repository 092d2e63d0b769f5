import { expect, test } from '@jest/globals';
import { sleep } from '@alfa-cloud/service-kit';
import { smokeTest } from './smoke-test.ts';
import { answerOf, fakeEngine } from '../testing/rig.ts';

const limits = { memoryMb: 512, cpus: 1, pids: 256 };
const ms = { databaseStartMs: 60_000, healthMs: 60_000, commandMs: 60_000 };
const config = {
  databaseImage: 'alfa/mariadb:10.11',
  migrate: ['php', 'artisan', 'migrate'],
  limits,
  ...ms,
};

test('the database is filled when it answers', async () => {
  const exitCodes = [1, 0];
  const asked: string[] = [];
  const cloud = fakeEngine({
    exec: ({ request: { argv, stdin } }) => {
      const isLook = argv.some((word) => word.includes('skip_networking'));
      if (isLook || stdin !== undefined) asked.push(isLook ? 'look' : 'fill');
      return { exitCode: isLook ? (exitCodes.shift() ?? 1) : 0, stdout: answerOf(argv) };
    },
  });
  const image = await cloud.docker.image('alfa/mariadb:10.11');
  if (image === null) throw new Error('no image');
  const io = { signal: new AbortController().signal, output: () => undefined };
  await smokeTest({ operationId: 'o', serverId: 's', cloud, image, schema: async () => null, config }, io);
  expect(asked).toEqual(['look', 'look', 'fill']);
});

test('a database that can not be made is not waited for by the question for tables, and nothing stays', async () => {
  const cloud = fakeEngine();
  const image = await cloud.docker.image('alfa/mariadb:10.11');
  if (image === null) throw new Error('no image');
  const io = { signal: new AbortController().signal, output: () => undefined };
  const schema = async (signal: AbortSignal) => {
    await sleep(60_000, signal);
    return null;
  };
  const broken = { ...config, databaseImage: 'alfa/none:1' };
  const tested = smokeTest({ operationId: 'o', serverId: 's', cloud, image, schema, config: broken }, io);
  await expect(tested).rejects.toMatchObject({ code: 'not_found' });
  expect([cloud.engine.containers.size, cloud.engine.networks.size]).toEqual([0, 0]);
});
