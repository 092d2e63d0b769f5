import { expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { imageBuildsOf } from './image-builds.ts';

const answer = [
  { stream: 'Step 1/2 : FROM base' },
  { stream: 'Step 2/2 : RUN false' },
  { stream: ' ---> 111111111111\n' },
  { error: 'it broke' },
];

test('what a failed build has made is looked at by calls that end, and removed', async () => {
  const removed: string[] = [];
  const signals: unknown[] = [];
  const docker = {
    buildImage: async () => Readable.from(answer.map((each) => Buffer.from(`${JSON.stringify(each)}\n`))),
    getImage: (id: string) => ({
      // It does not let itself be cut off.
      inspect: () => new Promise(() => undefined),
      remove: async () => removed.push(id),
    }),
    modem: {
      dial(options: { abortSignal: unknown }, done: (error: null, body: unknown) => void) {
        signals.push(options.abortSignal);
        done(null, { RepoTags: [] });
      },
    },
  } as unknown as Docker;
  const spec = { name: { repository: 'a', tag: 'b' }, dockerfile: 'Dockerfile', labels: {} };
  const built = imageBuildsOf(docker).buildImage(Readable.from([]), spec);
  await expect(built).rejects.toMatchObject({ code: 'build_failed' });
  expect(removed).toEqual(['111111111111']);
  expect(signals).toEqual([expect.any(AbortSignal)]);
});

test('commands of a build are limited, without swap, and have the least share of processors that are short', async () => {
  const asked: Record<string, unknown>[] = [];
  const docker = {
    buildImage: async (_context: unknown, options: Record<string, unknown>) => {
      asked.push(options);
      return Readable.from([Buffer.from('{"aux":{"ID":"sha256:1"}}\n')]);
    },
  } as unknown as Docker;
  const spec = { name: { repository: 'a', tag: 'b' }, dockerfile: 'Dockerfile', labels: {} };
  const { buildImage } = imageBuildsOf(docker);
  await buildImage(Readable.from([]), { ...spec, limits: { memoryMb: 512, cpus: 1.5 } });
  await buildImage(Readable.from([]), spec);
  const bytes = 512 * 1024 ** 2;
  expect(asked[0]).toMatchObject({
    memory: bytes,
    memswap: bytes,
    cpuperiod: 100_000,
    cpuquota: 150_000,
    cpushares: 2,
  });
  for (const name of ['memory', 'memswap', 'cpuquota', 'cpushares'])
    expect(asked[1]).not.toHaveProperty(name);
});
