import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand } from '../src/run-command.ts';
import { cacheRoot } from './cache.ts';
import type { DebianMirror } from './debian-mirror.ts';

const unwanted = [
  '/usr/share/doc',
  '/usr/share/man',
  '/usr/share/info',
  '/usr/share/locale',
  '/usr/share/lintian',
];

/** Makes a tar of a minimal Debian with debootstrap. Needs root. */
export async function makeBaseRoot(suite: string, mirror: DebianMirror, tarPath: string): Promise<void> {
  await mkdir(cacheRoot(), { recursive: true });
  const folder = await mkdtemp(join(cacheRoot(), 'debootstrap-'));
  try {
    // In a mount namespace of its own, so that debootstrap's mounts disappear with it, even when it is killed.
    await runCommand(
      'unshare',
      ['--mount', '--propagation', 'private', 'debootstrap', '--variant=minbase', suite, folder, mirror.url],
      { timeoutMs: 900_000, env: mirror.proxies },
    );
    await writeFile(join(folder, 'etc/apt/sources.list'), `${mirror.sources.join('\n')}\n`);
    await writeFile(join(folder, 'etc/apt/apt.conf.d/90alfa'), `${mirror.aptConfiguration.join('\n')}\n`);
    const exclusions = unwanted.map((path) => `path-exclude=${path}/*`);
    await writeFile(join(folder, 'etc/dpkg/dpkg.cfg.d/90alfa'), `${exclusions.join('\n')}\n`);
    // Packages that start a service on installation have nothing to start it with in an image build.
    await writeFile(join(folder, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    const left = [...unwanted, '/var/cache/apt', '/var/lib/apt/lists', '/var/log'].map(
      (path) => `--exclude=.${path}/*`,
    );
    await runCommand('tar', [
      '-C',
      folder,
      '--numeric-owner',
      '--one-file-system',
      ...left,
      '-cf',
      tarPath,
      '.',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
