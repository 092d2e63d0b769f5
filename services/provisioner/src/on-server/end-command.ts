import {
  isCloudServerError,
  type CloudServer,
  type ExecRequest,
  type ExecResult,
} from '@alfa-cloud/cloud-server';
import { isCutOff } from '@alfa-cloud/operations';
import { sleep } from '@alfa-cloud/service-kit';
import { transient } from './failures.ts';

/** Variable by which a command is known in its container, together with all that it has started. */
const tagVariable = 'ALFA_COMMAND';

/** A command in a container that may have to be ended. */
export interface TaggedCommand {
  container: string;
  /** Says whose it is: all that carries it is ended together. No secret. */
  tag: string;
  /** Knows the command's words among those of the commands that run. */
  isMeant: (words: readonly string[]) => boolean;
  /** Stop and start the container when the command can't be ended otherwise. */
  mayRestart: boolean;
}

/** How long a command may take to end after SIGTERM, ms. */
const graceMs = 3000;
/** And after SIGKILL. */
const killMs = 3000;
const pollMs = 200;

/**
 * Runs a command, and ends it with all that it has started when it is given up for good: by its deadline, or because {@link isCutOff its signal}
 * says that nobody goes on with it. Given up otherwise it runs on, for the next worker to find it.
 */
export const runTagged = async (
  server: CloudServer,
  command: TaggedCommand,
  request: ExecRequest,
  { signal, deadlineMs }: { signal?: AbortSignal; deadlineMs?: number },
): Promise<ExecResult> => {
  const tagged = { ...request, env: { ...request.env, [tagVariable]: command.tag } };
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
 * Ends what carries the command's tag: SIGTERM, and SIGKILL after a grace. Nothing to do when nothing runs any more.
 * Docker has no call for that, so the processes are found and signalled by a shell in the container.
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
    throw transient('command_not_ended', `What was begun in container ${container} could not be ended`);
  }
  await server.docker.stopContainer(container);
  await server.docker.startContainer(container);
};

/**
 * Signals the processes of the command. Answers whether there were any; false also when there is no shell to look by.
 * @param sessions those that a process of the command leads; all in them belong to it. Found ones are added
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
 * Parameters: signal, tag (`NAME=value`), sessions. Prints process and session of each process that it signals: one whose environment carries
 * the tag, or whose session is among those given. Needs no other program, as images may have none; what is gone meanwhile is passed over.
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
