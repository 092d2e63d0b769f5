import { message, type Message } from '@alfa-cloud/contracts';
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
  /**
   * `usable`: the root directory is there and his, or he can make it. `by sudo`: it is absent, or empty and root's, and `sudo` can make it his.
   * `foreign`: it, or something in it, is another user's. `refused`: it can't be made.
   */
  root: 'usable' | 'by sudo' | 'refused' | 'foreign';
}

/** What a file system itself puts on a disk says nothing. */
const lookAtRoot = `root=$1
foreign() {
  find "$root" -mindepth 1 -maxdepth 1 -name lost+found -prune -o \\( -type d ! -writable -o ! -readable \\) -print -quit
}
if [ -d "$root" ]; then
  if [ -w "$root" ] && [ -x "$root" ]; then
    if [ -z "$(foreign)" ]; then echo usable; else echo foreign; fi
  elif [ "$(stat -c %u -- "$root")" = 0 ] && [ -z "$(ls -A -I lost+found -- "$root" 2>&1)" ]; then echo absent
  else echo foreign
  fi
  exit 0
fi
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
  const madeBySudo = found === 'absent' && mayBeRoot ? 'by sudo' : 'refused';
  return {
    hasDocker: present.length > 0,
    hasDockerClient: hasClient,
    mayUseDocker: usable.length > 0,
    maySudo: mayBeRoot,
    root: found === 'usable' || found === 'foreign' ? found : madeBySudo,
  };
};

/**
 * Makes the root directory, with `sudo -n` where the user may not do it by himself. No-op when it is there and his.
 * @throws CloudServerError `file_failed` when it can't be made, or it or something in it belongs to somebody else
 */
export const makeRoot = async (
  commands: Commands,
  { root, username }: { root: string; username: string },
  options: CallOptions,
): Promise<void> => {
  const survey = await surveyServer(commands, root, options);
  const refusal = whyRootRefused({ root, username }, survey);
  if (refusal !== null) throw new CloudServerError('final', 'file_failed', refusal);
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

/** Why the user can't have the root directory, and what mends that; null when he can. */
export const whyRootRefused = (
  { root, username }: { root: string; username: string },
  survey: Pick<ServerSurvey, 'root'>,
): Message | null => {
  switch (survey.root) {
    case 'refused':
      return message`${username} may not write to ${root}: sudo install -d -m 755 -o ${username} ${root}`;
    case 'foreign':
      return message`${root} or what is in it belongs to another user than ${username}: sudo chown -R ${username} ${root}`;
    case 'usable':
    case 'by sudo':
      return null;
    default:
      return survey.root satisfies never;
  }
};
