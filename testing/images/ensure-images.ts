import { join } from 'node:path';

import Docker from 'dockerode';

import type { FileLock } from '../src/file-lock.ts';
import { lockFile } from '../src/file-lock.ts';
import { makeBaseRoot } from './base-root.ts';
import { cachedTar, cacheRoot, contentHash, isCached } from './cache.ts';
import { debianMirror } from './debian-mirror.ts';
import { buildImage, hasImages, importRoot, loadImages, saveImages } from './engine-images.ts';

/** The images of the rig by what they are for. */
export const rigImages = {
  client: 'alfa/client:1',
  clientNext: 'alfa/client:2',
  clientBroken: 'alfa/client:broken',
  clientUnhealthy: 'alfa/client:unhealthy',
  clientBadMigration: 'alfa/client:badmigration',
  database: 'alfa/mariadb:10.11',
  proxy: 'alfa/nginx:1',
} as const;

export type RigImages = typeof rigImages;

type Log = (line: string) => void;

const here = import.meta.dirname;
const suite = 'bookworm';
const roots = ['client', 'database', 'proxy'] as const;
const rootTag = (name: string) => `alfa/root-${name}:${suite}`;

/** In the order in which they build: the variants stand on the client image. */
const folders: ReadonlyArray<readonly [tag: string, folder: string]> = [
  [rigImages.client, 'client'],
  [rigImages.database, 'database'],
  [rigImages.proxy, 'proxy'],
  [rigImages.clientNext, 'variants/next'],
  [rigImages.clientBroken, 'variants/broken'],
  [rigImages.clientUnhealthy, 'variants/unhealthy'],
  [rigImages.clientBadMigration, 'variants/badmigration'],
];

/**
 * Sees to it that an engine has the rig's images, built from the files as they are now.
 * Nothing to do when it has them; loaded from the cache when any engine of this machine has had them;
 * else built from Debian's packages (minutes), for which the caller must be root.
 */
export async function ensureImages({
  socketPath,
  log = () => {},
}: {
  socketPath: string;
  log?: Log;
}): Promise<RigImages> {
  const docker = new Docker({ socketPath });
  const rootKey = await contentHash([join(here, 'roots')], suite);
  const imageKey = await contentHash(
    ['client', 'database', 'proxy', 'variants'].map((name) => join(here, name)),
    rootKey,
  );
  const tags = Object.values(rigImages);
  if (await hasImages(docker, tags, imageKey)) return rigImages;

  await using _lock = await lockImages(log);
  if (await isCached('images', imageKey)) {
    log('loading the client, database and proxy images from the cache: about 10 s');
  }
  const path = await cachedTar('images', imageKey, async (temporaryPath) => {
    await ensureRoots(docker, rootKey, log);
    log('building the client, database and proxy images: about 10 s');
    for (const [tag, folder] of folders) {
      await buildImage(docker, { folder: join(here, folder), tag, inputs: imageKey });
    }
    log(`keeping the images in ${cacheRoot()}: about 10 s`);
    await saveImages(docker, tags, temporaryPath);
  });
  if (!(await hasImages(docker, tags, imageKey))) await loadImages(docker, path);
  return rigImages;
}

async function lockImages(log: Log): Promise<FileLock> {
  const path = join(cacheRoot(), 'images', 'lock');
  const free = await lockFile(path, 0);
  if (free !== undefined) return free;
  log('another process is making the images: waiting for it');
  const lock = await lockFile(path, 1_200_000);
  if (lock === undefined) throw new Error(`another process has held ${path} for 20 minutes`);
  return lock;
}

/** Debian with PHP and Laravel, with MariaDB, with nginx: what takes minutes to make and seldom changes. */
async function ensureRoots(docker: Docker, rootKey: string, log: Log): Promise<void> {
  const tags = roots.map(rootTag);
  if (await hasImages(docker, tags, rootKey)) return;
  const path = await cachedTar('roots', rootKey, async (temporaryPath) => {
    const mirror = await debianMirror(suite);
    log(`debootstrap of Debian ${suite} from ${new URL(mirror.url).host}: about 30 s, cached afterwards`);
    const base = await cachedTar('base', rootKey, (basePath) => makeBaseRoot(suite, mirror, basePath));
    await importRoot(docker, base, 'alfa/debian', suite);
    for (const name of roots) {
      log(`installing the packages of the ${name} image: about 20 s, cached afterwards`);
      await buildImage(docker, {
        folder: join(here, 'roots'),
        dockerfile: `${name}.Dockerfile`,
        tag: rootTag(name),
        inputs: rootKey,
        buildArguments: mirror.proxies,
      });
    }
    await saveImages(docker, tags, temporaryPath);
  });
  if (!(await hasImages(docker, tags, rootKey))) await loadImages(docker, path);
}
