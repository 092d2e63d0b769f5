import { expect, test } from '@jest/globals';
import { smokeTest } from './smoke-test.ts';
import { answerOf, fakeEngine } from '../testing/rig.ts';

test('the server that the database starts first, without a network, is not taken for it', async () => {
  const answers = ['1', '0'];
  const asked: string[] = [];
  const cloud = fakeEngine({
    exec: ({ request: { argv, stdin } }) => {
      if (argv[0] === 'mariadb') asked.push(stdin === undefined ? 'look' : 'fill');
      if (argv.some((word) => word.includes('skip_networking'))) return { stdout: `${answers.shift()}\n` };
      return { stdout: answerOf(argv) };
    },
  });
  const limits = { memoryMb: 512, cpus: 1, pids: 256 };
  const ms = { databaseStartMs: 60_000, healthMs: 60_000, commandMs: 60_000 };
  const config = {
    databaseImage: 'alfa/mariadb:10.11',
    migrate: ['php', 'artisan', 'migrate'],
    limits,
    ...ms,
  };
  const image = await cloud.docker.image('alfa/mariadb:10.11');
  if (image === null) throw new Error('no image');
  const io = { signal: new AbortController().signal, output: () => undefined };
  await smokeTest({ operationId: 'o', serverId: 's', cloud, image, schema: async () => null, config }, io);
  expect(asked).toEqual(['look', 'look', 'fill']);
});
