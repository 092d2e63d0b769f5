import type { CallOptions, CloudServer, ExecResult } from '@alfa-cloud/cloud-server';
import { newId } from '@alfa-cloud/contracts';
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
  /** A statement that is refused does not keep the ones after it from being run, and is no failure. Default false. */
  goOn?: boolean;
  /** Longest output kept, in characters; of more the end is kept. Default 65,536. */
  outputMax?: number;
}

/**
 * Runs SQL as root in the server's database and answers what it prints. Never put a secret anywhere but into the SQL.
 * Fails transiently while the database can't be reached (`database_unreachable`) or has no room (`database_busy`), finally (`database_failed`)
 * for what it refuses, which includes a connection that it closes while it goes on answering others.
 * @param redact takes secrets out of the database's own messages, which quote the SQL
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
    // No two such clients can be told apart by their words.
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
    return transient('command_cut_off', "SQL in the server's database was cut off from outside");
  }
  const message = lastLinesOf(redact(result.stderr || result.stdout));
  const trouble = connectionTrouble(result.stderr);
  if (trouble === 'busy') {
    return transient('database_busy', `The database of the server has no room for it now: ${message}`);
  }
  if (trouble === 'lost' && !(await hasAnsweredSince(server, begunAt, options))) {
    return transient('database_unreachable', `The database of the server does not answer: ${message}`);
  }
  return final('database_failed', `The database of the server refused: ${message}`);
};

const uptimeSql =
  "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'UPTIME';\n";

/**
 * True when the server's database answers now and has not been restarted since then, by the seconds that it has been up: what has lost its
 * connection meanwhile did not lose it to an absence of the server, and would lose it again.
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
