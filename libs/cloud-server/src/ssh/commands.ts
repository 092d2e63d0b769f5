import { message } from '@alfa-cloud/contracts';
import { StringDecoder } from 'node:string_decoder';
import type { CallOptions } from '../call-options.ts';
import { CloudServerError } from '../cloud-server-error.ts';
import type { ExecRequest, ExecResult } from '../docker/docker-engine.ts';
import { outputKeeper } from '../output-keeper.ts';
import { commandLine } from './quote.ts';
import type { LiveConnection, RunningCommand } from './live-connection.ts';
import type { SshConnection } from './ssh-connection.ts';

const commandMs = 60_000;
/** From the request to end a command until that is given up; the server itself kills it after 3 s. */
const endingMs = 10_000;

export type CommandRequest = Pick<ExecRequest, 'argv' | 'stdin' | 'onOutput' | 'outputMax'>;

/** Commands on a server itself, outside of its containers. */
export interface Commands {
  /**
   * Runs a program and waits for its end; an exit code other than 0 is success here. Default deadline 60 s.
   * Giving up (deadline, signal) ends the command on the server first: SIGTERM to its process group, 3 s later SIGKILL.
   * Errors: transient `command_lost` when it ended without an exit code (by a signal, or the connection was cut: then it may still run).
   */
  run(request: CommandRequest, options?: CallOptions): Promise<ExecResult>;
}

/** Tells the id of its process group first, which is the session's, then becomes the program. */
const announce = ['/bin/sh', '-c', 'echo "$$" && exec "$@"', 'sh'];

// `-s` and not `-TERM`, after which dash takes no `--`.
const endGroup = `kill -s TERM -- "-$1" || exit 0
for pause in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do kill -s 0 -- "-$1" || exit 0; sleep 0.2; done
kill -s KILL -- "-$1"`;

export const sshCommands = (connection: SshConnection): Commands => ({
  async run(request, { deadlineMs = commandMs, signal: outer } = {}) {
    const program = request.argv[0] ?? 'nothing';
    const late = AbortSignal.timeout(deadlineMs);
    const signal = outer === undefined ? late : AbortSignal.any([outer, late]);
    try {
      return await runUntil(signal, connection, request);
    } catch (cause) {
      if (outer?.aborted === true) throw cause;
      if (late.aborted) {
        const words = message`${program} did not end in time on ${connection.server}`;
        throw new CloudServerError('transient', 'deadline_exceeded', words, { cause });
      }
      throw cause;
    }
  },
});

const runUntil = async (
  signal: AbortSignal,
  connection: SshConnection,
  request: CommandRequest,
): Promise<ExecResult> => {
  const live = await connection.live(signal);
  const command = await live.command(`exec ${commandLine([...announce, ...request.argv])}`, signal);
  const output = outputKeeper(request);
  const { group, exitCode } = converse(command, request, (stream, text) => output.write(stream, text));
  try {
    return { exitCode: await unlessAborted(signal, exitCode), ...output.result() };
  } catch (error) {
    if (signal.aborted) await endRemotely(live, await group, request.argv[0] === 'sudo');
    command.channel.close();
    throw error;
  }
};

const unlessAborted = <T>(signal: AbortSignal, promise: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
  });

/** `group`: null when the command ended before it told. */
const converse = (
  { channel, end }: RunningCommand,
  { argv, stdin }: CommandRequest,
  onText: (stream: 'stdout' | 'stderr', text: string) => void,
): { group: Promise<string | null>; exitCode: Promise<number> } => {
  const group = Promise.withResolvers<string | null>();
  const exitCode = Promise.withResolvers<number>();
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  let head: string | null = '';
  channel.on('data', (chunk: Buffer) => {
    let text = decoders.stdout.write(chunk);
    if (head !== null) {
      head += text;
      const lineEnd = head.indexOf('\n');
      if (lineEnd < 0) return;
      group.resolve(head.slice(0, lineEnd));
      text = head.slice(lineEnd + 1);
      head = null;
    }
    if (text !== '') onText('stdout', text);
  });
  channel.stderr.on('data', (chunk: Buffer) => onText('stderr', decoders.stderr.write(chunk)));
  channel.once('close', () => {
    group.resolve(null);
    if (end.code === null) exitCode.reject(commandLost(argv, end.killedBy));
    else exitCode.resolve(end.code);
  });
  // A caller that has given up does not look any more.
  exitCode.promise.catch(() => {});
  channel.end(stdin);
  return { group: group.promise, exitCode: exitCode.promise };
};

const commandLost = (
  [program = 'nothing']: readonly string[],
  killedBy: string | undefined,
): CloudServerError =>
  new CloudServerError(
    'transient',
    'command_lost',
    killedBy === undefined
      ? message`The connection was cut under the command ${program}, so nobody knows how it ended`
      : message`The command ${program} was ended by ${killedBy}`,
  );

/** Waits until the command's processes are gone. What can't be reached any more can't be ended: the caller is told of its own failure. */
const endRemotely = async (live: LiveConnection, group: string | null, asRoot: boolean): Promise<void> => {
  if (group === null || !/^\d+$/.test(group)) return;
  const argv = [...(asRoot ? ['sudo', '-n'] : []), '/bin/sh', '-c', endGroup, 'sh', group];
  const signal = AbortSignal.timeout(endingMs);
  const ended = live.command(commandLine(argv), signal, 'ending').then(({ channel }) => {
    channel.resume();
    channel.stderr.resume();
    return new Promise<void>((resolve) => channel.once('close', () => resolve()));
  });
  await unlessAborted(signal, ended).catch(() => {});
};
