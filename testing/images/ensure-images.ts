import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import Docker from 'dockerode';

import { importBase, lockImages, rootKey, suite, type Log } from './base-image.ts';
import { cachedKeys, cachedTar, cacheRoot, contentHash } from './cache.ts';
import { debianMirror } from './debian-mirror.ts';
import { buildImage, hasImages, loadImages, saveImages } from './engine-images.ts';

/** The images of the rig by what they are for. */
export const rigImages = {
  client: 'alfa/client:1',
  clientNext: 'alfa/client:2',
  clientBroken: 'alfa/client:broken',
  clientUnhealthy: 'alfa/client:unhealthy',
  clientBadMigration: 'alfa/client:badmigration',
  clientForeign: 'alfa/client:foreign',
  database: 'alfa/mariadb:10.11',
  proxy: 'alfa/nginx:1',
} as const;

export type RigImages = typeof rigImages;

const here = import.meta.dirname;
const roots = ['client', 'database', 'proxy'] as const;
const rootTag = (name: string) => `alfa/root-${name}:${suite}`;

/** In build order: the variants are based on the client image. */
const folders: ReadonlyArray<readonly [tag: string, folder: string]> = [
  [rigImages.client, 'client'],
  [rigImages.database, 'database'],
  [rigImages.proxy, 'proxy'],
  [rigImages.clientNext, 'variants/next'],
  [rigImages.clientBroken, 'variants/broken'],
  [rigImages.clientUnhealthy, 'variants/unhealthy'],
  [rigImages.clientBadMigration, 'variants/badmigration'],
  [rigImages.clientForeign, 'variants/foreign'],
];

/**
 * Ensures that an engine has the rig's images, built from the present files. Missing ones are loaded from the cache when any engine of this
 * machine had them before; otherwise they are built from Debian's packages, which takes minutes and needs root. All engines have the same build of
 * them, as two builds of the same files are two images.
 */
export async function ensureImages({
  socketPath,
  log = () => {},
}: {
  socketPath: string;
  log?: Log;
}): Promise<RigImages> {
  const docker = new Docker({ socketPath });
  const rootInputs = await rootKey();
  const filesKey = await contentHash(
    ['client', 'database', 'proxy', 'variants'].map((name) => join(here, name)),
    rootInputs,
  );
  const tags = Object.values(rigImages);
  const cachedBuild = async () => (await cachedKeys('images')).find((key) => key.startsWith(`${filesKey}-`));
  const hasBuild = async (build: string | undefined) =>
    build !== undefined && (await hasImages(docker, tags, build));
  if (await hasBuild(await cachedBuild())) return rigImages;

  await using _lock = await lockImages(log);
  const cached = await cachedBuild();
  if (cached !== undefined) log('loading the client, database and proxy images from the cache: about 10 s');
  const imageKey = cached ?? `${filesKey}-${randomBytes(4).toString('hex')}`;
  const path = await cachedTar('images', imageKey, async (temporaryPath) => {
    await ensureRoots(docker, rootInputs, log);
    log('building the client, database and proxy images: about 10 s');
    for (const [tag, folder] of folders) {
      await buildImage(docker, { folder: join(here, folder), tag, inputs: imageKey });
    }
    log(`keeping the images in ${cacheRoot()}: about 10 s`);
    await saveImages(docker, tags, temporaryPath);
  });
  if (!(await hasBuild(imageKey))) await loadImages(docker, path);
  return rigImages;
}

/** Debian with PHP and Laravel, with MariaDB, with nginx: what takes minutes to make and seldom changes. */
async function ensureRoots(docker: Docker, inputs: string, log: Log): Promise<void> {
  const tags = roots.map(rootTag);
  if (await hasImages(docker, tags, inputs)) return;
  const path = await cachedTar('roots', inputs, async (temporaryPath) => {
    const mirror = await debianMirror(suite);
    await importBase(docker, log);
    for (const name of roots) {
      log(`installing the packages of the ${name} image: about 20 s, cached afterwards`);
      await buildImage(docker, {
        folder: join(here, 'roots'),
        dockerfile: `${name}.Dockerfile`,
        tag: rootTag(name),
        inputs,
        buildArguments: mirror.proxies,
      });
    }
    await saveImages(docker, tags, temporaryPath);
  });
  if (!(await hasImages(docker, tags, inputs))) await loadImages(docker, path);
}
