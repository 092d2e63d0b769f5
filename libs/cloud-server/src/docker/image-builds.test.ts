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
