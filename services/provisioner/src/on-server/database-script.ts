import { isCloudServerError, type CloudServer, type ExecResult } from '@alfa-cloud/cloud-server';
import type { StepIo } from '@alfa-cloud/event-sourcing';
import { earlierRunEnded } from './command.ts';
import { final, lastLinesOf, transient, withLastLines } from './failures.ts';
import { serverNames } from './names.ts';

/** A script run where the server's database runs, or in a container made for it. */
export interface ScriptRun {
  /** What it does, for messages: `The dump of database alfa_x`. */
  what: string;
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
const isFull = (output: string): boolean => /No space left on device|errno(?: |:|=)*28\b/i.test(output);
/** Errors of the database's clients that go away: no connection, lost connection, shutting down. */
const isPassing = (output: string): boolean =>
  /ERROR (?:1040|1053|2002|2003|2006|2013|2026)\b|Got error: (?:1040|1053|2002|2003|2006|2013|2026)\b|error (?:1053|2006|2013)\b|Lost connection/i.test(
    output,
  );

/**
 * Runs a script in the container of the server's database, after a run of the same that an earlier attempt has left behind, and answers its output.
 * Fails transiently while the database is away, finally with `disk_full` when there is no room, else with the run's own codes.
 */
export const runInDatabase = async (
  server: CloudServer,
  request: { argv: readonly string[]; stdin?: string },
  run: ScriptRun,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<string> => {
  const container = serverNames.database;
  const state = await server.docker.container(container, { signal });
  if (state?.status !== 'running') {
    throw transient('database_unreachable', `${run.what} needs container ${container}, which does not run`);
  }
  await earlierRunEnded(server, { container, argv: request.argv }, signal);
  const result = await server.docker
    .exec(container, request, { signal, deadlineMs: run.deadlineMs })
    .catch((error: unknown) => {
      if (!isCloudServerError(error) || error.code !== 'deadline_exceeded') throw error;
      throw final(run.failureCode, `${run.what} did not end within ${run.deadlineMs / 1000} s`);
    });
  if (result.exitCode === 0) return result.stdout;
  throw scriptFailure(run, result);
};

/** What a script that has not ended with 0 stands for. */
export const scriptFailure = (
  { what, failureCode, codes = {}, redact }: ScriptRun,
  { exitCode, stdout, stderr }: Pick<ExecResult, 'exitCode' | 'stdout' | 'stderr'>,
): Error => {
  const output = redact(`${stdout}\n${stderr}`);
  if (isFull(output)) {
    return final('disk_full', `${what} found no room on the disk of the server: ${lastLinesOf(output)}`);
  }
  const code = codes[exitCode];
  if (code !== undefined) return final(code, `${what}: ${lastLinesOf(output)}`);
  if (killedCodes.has(exitCode)) return transient('command_cut_off', `${what} was cut off from outside`);
  if (isPassing(output)) {
    return transient('database_unreachable', `${what}: the database does not answer: ${lastLinesOf(output)}`);
  }
  return final(failureCode, withLastLines(`${what} ended with exit code ${exitCode}`, 'its output', output));
};
