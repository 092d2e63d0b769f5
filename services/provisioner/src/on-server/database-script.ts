import { joined, message, type Message } from '@alfa-cloud/contracts';
import { isCloudServerError, type CloudServer, type ExecResult } from '@alfa-cloud/cloud-server';
import { lastLinesOf, type StepIo, withLastLines } from '@alfa-cloud/operations';
import { runsEnded } from './command.ts';
import { connectionTrouble } from './database-errors.ts';
import { hasAnsweredSince } from './database.ts';
import { runTagged, type TaggedCommand } from './end-command.ts';
import { final, transient } from './failures.ts';
import { serverNames } from './names.ts';

/** A script run where the server's database runs, or in a container made for it. */
export interface ScriptRun {
  /** What it does, for messages: `The dump of database alfa_x`. */
  what: Message;
  /** Code of the failure when it ends with another exit code than 0. */
  failureCode: string;
  /** Codes of single exit codes. */
  codes?: Readonly<Record<number, string>>;
  /** Takes secrets out of the output that a failure quotes. */
  redact: (text: string) => string;
  deadlineMs: number;
}

/** Killed or told to end from outside. */
const killedCodes = new Set([137, 143]);
/** `tar` tells of the write that had room for a part only, and not why. */
const isFull = (output: string): boolean =>
  /No space left on device|errno(?: |:|=)*28\b|ERROR (?:1021|1114)\b|^tar: .*: Wrote only \d+ of \d+ bytes$/im.test(
    output,
  );

/** After its deadline a script gets this long to end before it is killed, s. */
const killAfterS = 5;
/** Time for its end to become known after that, ms. */
const slackMs = 20_000;
/** Exit code of `timeout`. */
const timedOut = 124;

/**
 * Runs a script in the container of the server's database. Waits first until every other script on the same database has ended, since two
 * would mix what they write. The script ends at its deadline even when its caller has died, and with a cancelled operation.
 * Transient failures while the database is away or busy; final ones: `disk_full` without room on the disk, else the run's own codes.
 * @param request.database named among the words of each script on it
 * @returns its output
 */
export const runInDatabase = async (
  server: CloudServer,
  request: { database: string; argv: readonly string[]; stdin?: string },
  run: ScriptRun,
  { signal, operationId }: Pick<StepIo, 'signal' | 'operationId'>,
): Promise<string> => {
  const container = serverNames.database;
  const state = await server.docker.container(container, { signal });
  if (state?.status !== 'running') {
    throw transient(
      'database_unreachable',
      message`${run.what} needs container ${container}, which does not run`,
    );
  }
  const tagged = scriptOf(request.database, operationId);
  await runsEnded(server, container, tagged.isMeant, signal);
  const { stdin } = request;
  const begunAt = performance.now();
  const seconds = Math.ceil(run.deadlineMs / 1000);
  const argv = ['timeout', `--kill-after=${killAfterS}`, String(seconds), ...request.argv];
  const late = () => final(run.failureCode, message`${run.what} did not end within ${seconds} s`);
  const result = await runTagged(
    server,
    tagged,
    { argv, ...(stdin === undefined ? {} : { stdin }) },
    { signal, deadlineMs: run.deadlineMs + killAfterS * 1000 + slackMs },
  ).catch((error: unknown) => {
    if (!isCloudServerError(error) || error.code !== 'deadline_exceeded') throw error;
    throw late();
  });
  if (result.exitCode === 0) return result.stdout;
  if (result.exitCode === timedOut) throw late();
  const answers =
    connectionTrouble(result.stderr) === 'lost' && (await hasAnsweredSince(server, begunAt, { signal }));
  throw scriptFailure(run, result, { answers });
};

/** Identifies the script that an operation runs on a database. */
export const scriptOf = (database: string, operationId: string): TaggedCommand => ({
  container: serverNames.database,
  tag: operationId,
  isMeant: (words) => words.includes(database),
  // The container holds the databases of all clients.
  mayRestart: false,
});

/**
 * The failure that an exit code other than 0 stands for.
 * @param database.answers the database answered all the time, so a lost connection is the script's own fault. Default false.
 */
export const scriptFailure = (
  { what, failureCode, codes = {}, redact }: ScriptRun,
  { exitCode, stdout, stderr }: Pick<ExecResult, 'exitCode' | 'stdout' | 'stderr'>,
  { answers = false }: { answers?: boolean } = {},
): Error => {
  const output = redact(`${stdout}\n${stderr}`);
  if (isFull(output)) {
    return final(
      'disk_full',
      message`${what} found no room on the disk of the server: ${lastLinesOf(output)}`,
    );
  }
  const code = codes[exitCode];
  if (code !== undefined) return final(code, joined([what, lastLinesOf(output)], ': '));
  if (killedCodes.has(exitCode))
    return transient('command_cut_off', message`${what} was cut off from outside`);
  const trouble = connectionTrouble(output);
  if (trouble === 'busy') {
    return transient(
      'database_busy',
      message`${what}: the database has no room for it now: ${lastLinesOf(output)}`,
    );
  }
  if (trouble === 'away' || (trouble === 'lost' && !answers)) {
    return transient(
      'database_unreachable',
      message`${what}: the database does not answer: ${lastLinesOf(output)}`,
    );
  }
  return final(
    failureCode,
    withLastLines(message`${what} ended with exit code ${exitCode}`, message`its output`, output),
  );
};
