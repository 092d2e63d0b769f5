import { join } from 'node:path';

import type Docker from 'dockerode';

import type { FileLock } from '../src/file-lock.ts';
import { lockFile } from '../src/file-lock.ts';
import { makeBaseRoot } from './base-root.ts';
import { cachedTar, cacheRoot, contentHash } from './cache.ts';
import { debianMirror } from './debian-mirror.ts';
import { importRoot } from './engine-images.ts';

export type Log = (line: string) => void;

export const suite = 'bookworm';

/** Changes with everything that the base image and the images made of packages depend on. */
export const rootKey = () => contentHash([join(import.meta.dirname, 'roots')], suite);

/** Imports `alfa/debian:<suite>`, a minimal Debian. The caller holds the cache's lock. */
export async function importBase(docker: Docker, log: Log): Promise<void> {
  const base = await cachedTar('base', await rootKey(), async (temporaryPath) => {
    const mirror = await debianMirror(suite);
    log(`debootstrap of Debian ${suite} from ${new URL(mirror.url).host}: about 30 s, cached afterwards`);
    await makeBaseRoot(suite, mirror, temporaryPath);
  });
  await importRoot(docker, base, 'alfa/debian', suite);
}

/** Of the cache of images, shared by all processes of this machine. */
export async function lockImages(log: Log): Promise<FileLock> {
  const path = join(cacheRoot(), 'images', 'lock');
  const free = await lockFile(path, 0);
  if (free !== undefined) return free;
  log('another process is making the images: waiting for it');
  const lock = await lockFile(path, 1_200_000);
  if (lock === undefined) throw new Error(`another process has held ${path} for 20 minutes`);
  return lock;
}
