import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type Docker from 'dockerode';

import { runCommand } from '../src/run-command.ts';
import { temporaryDirectory } from '../src/temporary-directory.ts';
import { importBase, lockImages, rootKey } from './base-image.ts';
import { contentHash } from './cache.ts';
import { buildImage, hasImages } from './engine-images.ts';

/** Stands in for `node:24-slim` where no registry can be reached. Its name keeps it in the engine from run to run. */
export const nodeImage = 'alfa/root-node:24';

/** Ensures that an engine has {@link nodeImage}: Debian, the Node that runs this process, and the machine's npm with its settings. */
export async function ensureNodeImage(docker: Docker): Promise<string> {
  const folder = join(import.meta.dirname, 'node');
  const npm = await npmFolder();
  const settings = await npmSettings();
  const inputs = await contentHash(
    [folder],
    await rootKey(),
    process.version,
    await readFile(join(npm, 'package.json'), 'utf8'),
    JSON.stringify(settings),
  );
  if (await hasImages(docker, [nodeImage], inputs)) return nodeImage;

  await using _lock = await lockImages(() => {});
  await importBase(docker, () => {});
  await using context = await temporaryDirectory('alfa-node-image-');
  await copyFile(join(folder, 'Dockerfile'), join(context.path, 'Dockerfile'));
  const within = async (path: string) => {
    const target = join(context.path, 'files', path);
    await mkdir(dirname(target), { recursive: true });
    return target;
  };
  await copyFile(process.execPath, await within('usr/local/bin/node'));
  await cp(npm, await within('usr/local/lib/node_modules/npm'), { recursive: true });
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(await within('usr/local/etc/npmrc'), lines.join(''));
  const { cafile } = settings;
  if (cafile !== undefined) await copyFile(cafile, await within(cafile));
  await buildImage(docker, { folder: context.path, tag: nodeImage, inputs });
  return nodeImage;
}

/** npm is JavaScript alone, so the machine's own runs in the image as well. */
async function npmFolder(): Promise<string> {
  const program = (await runCommand('sh', ['-c', 'command -v npm'])).trim();
  return join(dirname(await realpath(program)), '..');
}

/** Settings by which this machine's npm finds its registry, without credentials. */
async function npmSettings(): Promise<Readonly<Record<string, string>>> {
  const settings: Record<string, string> = {};
  for (const name of ['registry', 'proxy', 'https-proxy']) {
    const value = (await runCommand('npm', ['config', 'get', name])).trim();
    if (!['', 'null', 'undefined'].includes(value)) settings[name] = value;
  }
  // A company's own certificate authority is among the system's.
  return existsSync(authorities) ? { ...settings, cafile: authorities } : settings;
}

const authorities = '/etc/ssl/certs/ca-certificates.crt';
