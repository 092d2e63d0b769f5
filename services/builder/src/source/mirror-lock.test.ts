import { afterEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLockFile } from '@alfa-cloud/service-kit';
import { withMirrorLock } from './mirror-lock.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

test('who waits for another process gives up after the time that is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alfa-lock-'));
  folders.push(folder);
  const mirror = join(folder, 'a.git');
  const held = tryLockFile(`${mirror}.lock`);
  const work = () => withMirrorLock(mirror, { signal: undefined, patienceMs: 1 }, async () => 'done');
  await expect(work()).rejects.toMatchObject({ code: 'mirror_in_use', kind: 'transient' });
  held?.release();
  expect(await work()).toBe('done');
});
