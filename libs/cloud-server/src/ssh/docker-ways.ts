import { message, type Message } from '@alfa-cloud/contracts';
import type { CallOptions } from '../call-options.ts';
import type { Commands } from './commands.ts';

/** The usual place of the Docker Engine's socket. */
export const systemSocket = '/var/run/docker.sock';

/**
 * How the Docker Engine's API is reached: `socket` by a forwarded Unix socket, which is quick and costs no session; `dial` by
 * `docker system dial-stdio`, a session for each connection.
 */
export type DockerWay = { kind: 'socket'; path: string } | { kind: 'dial'; path: string; asRoot: boolean };

export const nameOfWay = (way: DockerWay): string => {
  if (way.kind === 'socket') return `forwarded socket ${way.path}`;
  return `${way.asRoot ? 'sudo -n ' : ''}docker system dial-stdio on ${way.path}`;
};

/** What the login user finds on the server when the usual way does not lead to Docker. */
export interface DockerSurroundings {
  /** Sockets that the user may write to. */
  usable: readonly string[];
  /** Sockets that are there. */
  present: readonly string[];
  hasClient: boolean;
  /** `sudo -n` asks for no password. */
  mayBeRoot: boolean;
}

/** The ways that are worth trying, best first. */
export const waysToDocker = ({ usable, present, hasClient, mayBeRoot }: DockerSurroundings): DockerWay[] => {
  const dialled = hasClient ? usable.map((path) => ({ kind: 'dial' as const, path, asRoot: false })) : [];
  const asRoot = hasClient && mayBeRoot && present.includes(systemSocket);
  return [
    ...usable.map((path) => ({ kind: 'socket' as const, path })),
    ...dialled,
    ...(asRoot ? [{ kind: 'dial' as const, path: systemSocket, asRoot: true }] : []),
  ];
};

const look = `for socket in "$1" "\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/docker.sock"; do
  [ -S "$socket" ] && echo "present $socket"
  [ -S "$socket" ] && [ -r "$socket" ] && [ -w "$socket" ] && echo "usable $socket"
done
command -v docker >/dev/null && echo client
command -v sudo >/dev/null && sudo -n true 2>/dev/null && echo root
true`;

export const lookAround = async (commands: Commands, options: CallOptions): Promise<DockerSurroundings> => {
  const argv = ['/bin/sh', '-c', look, 'sh', systemSocket];
  const { stdout } = await commands.run({ argv }, options);
  const lines = stdout.split('\n');
  const marked = (word: string) =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  return {
    present: marked('present'),
    usable: marked('usable'),
    hasClient: lines.includes('client'),
    mayBeRoot: lines.includes('root'),
  };
};

/** Why no way leads to Docker, as a person can mend it. */
export const whyNot = (
  username: string,
  surroundings: DockerSurroundings,
): { final: boolean; words: Message } => {
  const { present, usable, hasClient, mayBeRoot } = surroundings;
  if (present.length === 0) {
    return {
      final: false,
      words: message`there is no socket of a Docker Engine: it is not installed or does not run`,
    };
  }
  if (usable.length > 0) return { final: false, words: message`it does not answer` };
  if (mayBeRoot && !hasClient) {
    return {
      final: true,
      words: message`${username} is not in group docker, and the client program docker is not installed`,
    };
  }
  if (mayBeRoot) return { final: false, words: message`it does not answer` };
  return {
    final: true,
    words: message`${username} is not in group docker and may not use sudo without a password`,
  };
};
