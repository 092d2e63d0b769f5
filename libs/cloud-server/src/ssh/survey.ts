import { message } from '@alfa-cloud/contracts';
import type { CallOptions } from '../call-options.ts';
import { CloudServerError } from '../cloud-server-error.ts';
import type { Commands } from './commands.ts';
import { lookAround } from './docker-ways.ts';

/** What the login user finds and may do on a server. */
export interface ServerSurvey {
  /** A Docker Engine has a socket there, whoever may use it. */
  hasDocker: boolean;
  /** The client program `docker`, which is needed where the socket can't be reached directly. */
  hasDockerClient: boolean;
  /** The user may write to the socket: he is in its group, or the engine is his own. */
  mayUseDocker: boolean;
  /** `sudo -n` asks for no password. */
  maySudo: boolean;
  /** `usable`: the root directory is there and his, or he can make it. `by sudo`: it is absent, and `sudo` can make it. */
  root: 'usable' | 'by sudo' | 'refused';
}

const lookAtRoot = `root=$1
if [ -d "$root" ]; then [ -w "$root" ] && [ -x "$root" ] && echo usable; exit 0; fi
[ -e "$root" ] && exit 0
near=$root
while [ ! -e "$near" ]; do near=\${near%/*}; near=\${near:-/}; done
if [ -d "$near" ] && [ -w "$near" ]; then echo usable; else echo absent; fi`;

export const surveyServer = async (
  commands: Commands,
  root: string,
  options: CallOptions,
): Promise<ServerSurvey> => {
  const [{ present, usable, hasClient, mayBeRoot }, { stdout }] = await Promise.all([
    lookAround(commands, options),
    commands.run({ argv: ['/bin/sh', '-c', lookAtRoot, 'sh', root] }, options),
  ]);
  const found = stdout.trim();
  return {
    hasDocker: present.length > 0,
    hasDockerClient: hasClient,
    mayUseDocker: usable.length > 0,
    maySudo: mayBeRoot,
    root: found === 'usable' ? 'usable' : found === 'absent' && mayBeRoot ? 'by sudo' : 'refused',
  };
};

/**
 * Makes the root directory, with `sudo -n` where the user may not do it by himself. No-op when it is there and his.
 * @throws CloudServerError `file_failed` when it can't be made or belongs to somebody else
 */
export const makeRoot = async (
  commands: Commands,
  { root, username }: { root: string; username: string },
  options: CallOptions,
): Promise<void> => {
  const survey = await surveyServer(commands, root, options);
  if (survey.root === 'refused') throw rootRefused(root, username);
  const make = 'install -d -m 755 -o "$(id -u)" -g "$(id -g)" -- "$1"';
  const line = survey.root === 'by sudo' ? `sudo -n ${make}` : 'mkdir -p -- "$1"';
  const { exitCode, stderr } = await commands.run({ argv: ['/bin/sh', '-c', line, 'sh', root] }, options);
  if (exitCode !== 0) {
    throw new CloudServerError(
      'final',
      'file_failed',
      message`Could not ${message`make directory ${root}`}: ${stderr.trim()}`,
    );
  }
};

const rootRefused = (root: string, username: string): CloudServerError =>
  new CloudServerError(
    'final',
    'file_failed',
    message`${username} may not write to ${root}: sudo install -d -m 755 -o ${username} ${root}`,
  );
