import { parseHostKey, type HostKey } from '@alfa-cloud/cloud-server';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitEnvironment, type GitSettings } from './git-environment.ts';
import type { CallLimits } from './mirror.ts';
import type { RepositoryAddress } from './repository-address.ts';
import { GitFailed, runGit } from './run-git.ts';
import { sshConfig } from './ssh-config.ts';

const askDeadlineMs = 30_000;

/**
 * The host key that a host shows now; no key and no token comes near it.
 * @throws GitFailed when it shows none, DeadlineExceeded
 */
export const shownHostKey = async (
  settings: GitSettings,
  { host, port, user }: Extract<RepositoryAddress, { protocol: 'ssh' }>,
  limits: CallLimits,
): Promise<HostKey> => {
  const folder = await mkdtemp(join(tmpdir(), 'alfa-git-'));
  try {
    const [config, knownHosts] = [join(folder, 'ssh_config'), join(folder, 'known_hosts')];
    await writeFile(config, sshConfig({ knownHosts, agent: null }));
    const options = [
      '-F',
      config,
      '-T',
      '-o',
      'StrictHostKeyChecking=accept-new',
      '-o',
      'PreferredAuthentications=none',
    ];
    const where = [...(port === null ? [] : ['-p', String(port)]), ...(user === null ? [] : ['-l', user])];
    const args = [...options, ...where, '--', host.replaceAll(/^\[|\]$/g, '')];
    const call = {
      program: 'ssh',
      args,
      env: gitEnvironment(settings, folder),
      deadlineMs: askDeadlineMs,
    } as const;
    // Nobody is let in so: only what it has written down matters.
    const failure = await runGit({ ...limits, ...call }).then(
      () => null,
      (error: unknown) => error,
    );
    const [, type = '', key = ''] = (await readFile(knownHosts, 'utf8').catch(() => '')).trim().split(/\s+/);
    if (key !== '') return { ...parseHostKey(`${type} ${key}`), text: `${type} ${key}` };
    throw failure ?? new GitFailed('ssh', null, 'it has shown no host key');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
