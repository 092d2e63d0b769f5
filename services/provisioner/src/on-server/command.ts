import { message, type Message, messageInWords } from '@alfa-cloud/contracts';
import { isCloudServerError, type CloudServer, type ExecResult } from '@alfa-cloud/cloud-server';
import { isCutOff, type StepIo, withLastLines } from '@alfa-cloud/operations';
import { errorName, sleep, withDeadline } from '@alfa-cloud/service-kit';
import type { ClientOnServer } from './client-on-server.ts';
import { containerGone } from './container-gone.ts';
import { endCommand, runTagged, type TaggedCommand } from './end-command.ts';
import { final, transient } from './failures.ts';

export interface ContainerCommand {
  argv: readonly string[];
  stdin?: string;
  /** What it does, for messages: `Migrating the database`. */
  what: Message;
  /** Code of the failure when it ends with another exit code than 0. */
  failureCode: string;
  deadlineMs: number;
}

/** Identifies a command that an operation starts in a client's container. */
export const commandOf = (container: string, argv: readonly string[], operationId: string): TaggedCommand => {
  const wanted = JSON.stringify(argv);
  return {
    container,
    tag: operationId,
    isMeant: (words) => JSON.stringify(words) === wanted,
    mayRestart: true,
  };
};

/** Exit codes of a command that was killed or told to end from outside. */
const killedCodes = new Set([137, 143]);
const pollMs = 250;

/**
 * Runs a command in a client's container, writes its output into the operation's log, and fails unless it exits with 0. First waits for a run
 * of the same command that a crashed worker has left behind: two migrations at once would ruin a database. At its deadline, or when the
 * operation is cancelled, the command and every process that it has started are ended.
 * @returns its standard output
 * @throws StepFailure final `container_gone` when somebody has removed the container, before or meanwhile
 */
export const runInContainer = async (
  client: ClientOnServer,
  command: ContainerCommand,
  io: StepIo,
): Promise<string> => {
  const { argv, stdin, what } = command;
  const { signal, operationId } = io;
  const { cloud, names } = client;
  const tagged = commandOf(names.container, argv, operationId);
  const before = await runningSince(client, command, signal);
  await formerEnded(cloud, command, tagged, signal);
  const request = {
    argv,
    onOutput: (text: string) => io.output(text),
    ...(stdin === undefined ? {} : { stdin }),
  };
  const options = { signal, deadlineMs: command.deadlineMs };
  const result = await runTagged(cloud, tagged, request, options).catch(async (error: unknown) => {
    if (!isCloudServerError(error)) throw error;
    if (error.code === 'deadline_exceeded') throw late(command);
    if (error.code === 'not_found') await runningSince(client, command, signal);
    throw error;
  });
  if (result.exitCode === 0) return result.stdout;
  if (killedCodes.has(result.exitCode) || (await runningSince(client, command, signal)) !== before) {
    throw transient('command_cut_off', message`${what} was cut off, as its container stopped`);
  }
  throw final(command.failureCode, failureReason(client, command, result));
};

const late = ({ what, failureCode, deadlineMs }: ContainerCommand): Error =>
  final(failureCode, message`${what} did not end within ${deadlineMs / 1000} s`);

/** Waits for a run that a crashed worker has left behind, for as long as any run may take. */
const formerEnded = async (
  server: CloudServer,
  command: ContainerCommand,
  tagged: TaggedCommand,
  signal: AbortSignal,
): Promise<void> => {
  const { deadlineMs } = command;
  try {
    await withDeadline(
      deadlineMs,
      messageInWords('en', command.what),
      (within) => runsEnded(server, tagged.container, tagged.isMeant, within),
      signal,
    );
  } catch (error) {
    const isLate = !signal.aborted && errorName(error) === 'DeadlineExceeded';
    if (isLate || isCutOff(signal)) await endCommand(server, tagged);
    throw isLate ? late(command) : error;
  }
};

const failureReason = ({ redact }: ClientOnServer, { what }: ContainerCommand, result: ExecResult): Message =>
  withLastLines(
    message`${what} ended with exit code ${result.exitCode}`,
    message`its output`,
    redact(`${result.stdout}\n${result.stderr}`),
  );

const runningSince = async (
  client: ClientOnServer,
  { what }: ContainerCommand,
  signal: AbortSignal,
): Promise<string> => {
  const { container } = client.names;
  const state = await client.cloud.docker.container(container, { signal });
  if (state === null) throw containerGone(client);
  if (state.status !== 'running') {
    throw transient(
      'container_not_running',
      message`${what} needs container ${container}, which does not run`,
    );
  }
  return state.startedAt;
};

/** Waits until none of these commands runs in the container any more. An earlier attempt may have left one behind. */
export const runsEnded = async (
  server: CloudServer,
  container: string,
  isMeant: (words: readonly string[]) => boolean,
  signal: AbortSignal,
): Promise<void> => {
  const runs = async () => (await server.docker.runningCommands(container, { signal })).some(isMeant);
  while (await runs()) await sleep(pollMs, signal);
};
