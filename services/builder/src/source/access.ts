import { serveKey } from '@alfa-cloud/cloud-server';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveToken } from './credential-socket.ts';
import { gitEnvironment, type GitSettings } from './git-environment.ts';
import { defaultUsername, type ReachedRepository } from './repository.ts';
import { sshConfig } from './ssh-config.ts';

/**
 * Calls git with what the repository asks for. Key and token stay in this process: ssh and git ask for them at sockets in a directory that nobody
 * else may enter and that is removed afterwards.
 * @throws KeyUnusable
 */
export const withAccess = async <T>(
  settings: GitSettings,
  { address, hostKey, credentials, username = defaultUsername }: ReachedRepository,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'alfa-git-'));
  const closing: { close(): Promise<void> }[] = [];
  try {
    const env = gitEnvironment(settings, folder);
    if (address.protocol === 'https' && credentials?.kind === 'token') {
      closing.push(await serveToken(folder, address, { username, token: credentials.token }));
    }
    if (address.protocol !== 'ssh') return await work(env);
    const agent = join(folder, 'agent');
    if (credentials?.kind === 'key') closing.push(await serveKey(credentials, agent));
    const command = await sshCommand(folder, { hostKey, agent: credentials === null ? null : agent });
    return await work({ ...env, GIT_SSH_COMMAND: command, GIT_SSH_VARIANT: 'ssh' });
  } finally {
    for (const each of closing) await each.close();
    await rm(folder, { recursive: true, force: true });
  }
};

const sshCommand = async (
  folder: string,
  { hostKey, agent }: { hostKey: string | undefined; agent: string | null },
): Promise<string> => {
  const [config, knownHosts] = [join(folder, 'ssh_config'), join(folder, 'known_hosts')];
  await writeFile(knownHosts, hostKey === undefined ? '' : `* ${hostKey}\n`);
  await writeFile(config, sshConfig({ knownHosts, agent }));
  // Git gives this to a shell.
  return `ssh -F '${config.replaceAll("'", String.raw`'\''`)}'`;
};
