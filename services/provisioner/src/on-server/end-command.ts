import { message } from '@alfa-cloud/contracts';
import {
  isCloudServerError,
  type CloudServer,
  type ExecRequest,
  type ExecResult,
} from '@alfa-cloud/cloud-server';
import { isCutOff } from '@alfa-cloud/operations';
import { sleep } from '@alfa-cloud/service-kit';
import { transient } from './failures.ts';

/** Environment variable that identifies a command in its container. Every process that the command starts inherits it. */
const tagVariable = 'ALFA_COMMAND';

/** A command in a container that may have to be ended. */
export interface TaggedCommand {
  container: string;
  /** Value of the variable: processes with the same tag are ended together. Not a secret. */
  tag: string;
  /** True for the words of this command, among those of the commands that run. */
  isMeant: (words: readonly string[]) => boolean;
  /** Stop and start the container when the command can't be ended otherwise. */
  mayRestart: boolean;
}

/** What a command of {@link endCommand} must have in its environment. */
export const tagOf = ({ tag }: TaggedCommand): Record<string, string> => ({ [tagVariable]: tag });

/** How long a command may take to end after SIGTERM, ms. */
const graceMs = 3000;
/** And after SIGKILL. */
const killMs = 3000;
const pollMs = 200;

/**
 * Runs a command. At its deadline, or when {@link isCutOff its signal} says that no worker continues, the command and every process that it
 * has started are ended. After any other abort it runs on, and the next worker finds it.
 */
export const runTagged = async (
  server: CloudServer,
  command: TaggedCommand,
  request: ExecRequest,
  { signal, deadlineMs }: { signal?: AbortSignal; deadlineMs?: number },
): Promise<ExecResult> => {
  const tagged = { ...request, env: { ...request.env, ...tagOf(command) } };
  const options = {
    ...(signal === undefined ? {} : { signal }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
  try {
    return await server.docker.exec(command.container, tagged, options);
  } catch (error) {
    const isLate = isCloudServerError(error) && error.code === 'deadline_exceeded';
    if (isLate || (signal !== undefined && isCutOff(signal))) await endCommand(server, command);
    throw error;
  }
};

/**
 * Ends the processes with the command's tag: SIGTERM, and SIGKILL after a grace. No-op when none runs. Docker has no call for that, so a
 * shell in the container finds and signals them.
 */
export const endCommand = async (server: CloudServer, command: TaggedCommand): Promise<void> => {
  const { container, isMeant } = command;
  const state = await server.docker.container(container);
  if (state?.status !== 'running') return;
  const sessions = new Set<string>();
  const isOver = async (signal: string): Promise<boolean> => {
    const isFound = await signalled(server, command, signal, sessions);
    return !isFound && !(await server.docker.runningCommands(container)).some(isMeant);
  };
  if (await isOver('TERM')) return;
  for (const [signal, longestMs] of [
    ['0', graceMs],
    ['KILL', killMs],
  ] as const) {
    for (const end = performance.now() + longestMs; performance.now() < end;) {
      await sleep(pollMs);
      if (await isOver(signal)) return;
    }
  }
  if (!command.mayRestart) {
    throw transient(
      'command_not_ended',
      message`What was begun in container ${container} could not be ended`,
    );
  }
  await server.docker.stopContainer(container);
  await server.docker.startContainer(container);
};

/**
 * Signals the processes of the command.
 * @param sessions led by a process of the command, so that every process in them belongs to it; those found are added
 * @returns whether there were any; false as well when the container has no shell
 */
const signalled = async (
  server: CloudServer,
  { container, tag }: TaggedCommand,
  signal: string,
  sessions: Set<string>,
): Promise<boolean> => {
  const argv = ['sh', '-c', signalScript, 'alfa-signal', signal, `${tagVariable}=${tag}`, ...sessions];
  let result: ExecResult;
  try {
    result = await server.docker.exec(container, { argv });
  } catch (error) {
    if (!isCloudServerError(error) || error.kind === 'transient') throw error;
    return false;
  }
  const found = result.stdout.split('\n').filter((line) => line !== '');
  for (const line of found) {
    const [pid = '', session] = line.split(' ');
    if (pid === session) sessions.add(pid);
  }
  return found.length > 0;
};

/**
 * Parameters: signal, tag (`NAME=value`), sessions. Signals each process whose environment holds the tag or whose session is given, and
 * prints its id and session. Uses nothing but the shell, since an image may lack other programs; skips processes that have ended meanwhile.
 */
const signalScript = `signal=$1 tag=$2
shift 2
known=" $* "
for entry in /proc/[0-9]*; do
  pid=\${entry#/proc/}
  if [ "$pid" = 1 ] || [ "$pid" = $$ ]; then continue; fi
  IFS= read -r stat < "$entry/stat" || continue
  set -- \${stat##*) }
  if [ "$1" = Z ] || [ "$1" = X ]; then continue; fi
  session=$4 found=
  case $known in *" $session "*) found=1 ;; esac
  if [ -z "$found" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in *"$tag"*) found=1; break ;; esac
      line=
    done < "$entry/environ"
  fi
  if [ -n "$found" ]; then
    echo "$pid $session"
    kill -s "$signal" "$pid"
  fi
done 2> /dev/null
exit 0
`;
