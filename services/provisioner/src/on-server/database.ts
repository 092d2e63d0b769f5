import type { CallOptions, CloudServer, ExecResult } from '@alfa-cloud/cloud-server';
import { message, newId } from '@alfa-cloud/contracts';
import { connectionTrouble } from './database-errors.ts';
import { runTagged, type TaggedCommand } from './end-command.ts';
import { final, transient } from './failures.ts';
import { lastLinesOf } from '@alfa-cloud/operations';
import { insideContainers, serverNames } from './names.ts';

const killedCodes = new Set([137, 143]);

/** The command-line client as root. The option file must come first; SQL comes by standard input alone. */
export const mariadbArgv: readonly string[] = [
  'mariadb',
  `--defaults-extra-file=${insideContainers.databaseSecrets}/client.cnf`,
  '--default-character-set=utf8mb4',
  '--max-allowed-packet=1G',
  '--batch',
  '--skip-column-names',
];

export interface SqlOptions extends CallOptions {
  /** Runs the statements after one that is refused, which is then no failure. Default false. */
  goOn?: boolean;
  /** Longest output kept, in characters; of a longer one, the end. Default 65,536. */
  outputMax?: number;
}

/**
 * Runs SQL as root in the server's database. A secret may stand in the SQL and nowhere else. Transient failures: `database_unreachable`,
 * `database_busy` (no room for it now). Final failure `database_failed`: refused, or this connection closed while the database goes on
 * answering others.
 * @param redact takes secrets out of the database's messages, which quote the SQL
 * @returns what the database prints
 */
export const runSql = async (
  server: CloudServer,
  sql: string,
  redact: (text: string) => string,
  { goOn = false, outputMax, ...options }: SqlOptions,
): Promise<string> => {
  const argv = goOn ? [...mariadbArgv, '--force'] : mariadbArgv;
  const request = { argv, stdin: sql, ...(outputMax === undefined ? {} : { outputMax }) };
  const begunAt = performance.now();
  const client: TaggedCommand = {
    container: serverNames.database,
    tag: newId(),
    // Every such client runs with the same words.
    isMeant: () => false,
    mayRestart: false,
  };
  const result = await runTagged(server, client, request, options);
  if (result.exitCode === 0) return result.stdout;
  throw await sqlFailure(server, result, { begunAt, redact, options });
};

const sqlFailure = async (
  server: CloudServer,
  result: ExecResult,
  { begunAt, redact, options }: { begunAt: number; redact: (text: string) => string; options: CallOptions },
): Promise<Error> => {
  if (killedCodes.has(result.exitCode)) {
    return transient('command_cut_off', message`SQL in the server's database was cut off from outside`);
  }
  const said = lastLinesOf(redact(result.stderr || result.stdout));
  const trouble = connectionTrouble(result.stderr);
  if (trouble === 'busy') {
    return transient('database_busy', message`The database of the server has no room for it now: ${said}`);
  }
  if (trouble === 'away' || (trouble === 'lost' && !(await hasAnsweredSince(server, begunAt, options)))) {
    return transient('database_unreachable', message`The database of the server does not answer: ${said}`);
  }
  return final('database_failed', message`The database of the server refused: ${said}`);
};

const uptimeSql =
  "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'UPTIME';\n";

/**
 * True when the database answers now and its uptime shows no restart since then. A connection that was lost meanwhile was lost for another
 * reason, and would be lost again.
 * @param begunAt moment of `performance.now()`
 */
export const hasAnsweredSince = async (
  server: CloudServer,
  begunAt: number,
  options: CallOptions,
): Promise<boolean> => {
  const request = { argv: mariadbArgv, stdin: uptimeSql };
  const { exitCode, stdout } = await server.docker.exec(serverNames.database, request, options);
  const upMs = Number(stdout.trim()) * 1000;
  return exitCode === 0 && upMs >= performance.now() - begunAt;
};
