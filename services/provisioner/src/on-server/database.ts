import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { final, lastLinesOf, transient } from './failures.ts';
import { insideContainers, serverNames } from './names.ts';

/** Errors of mariadb that go away: connection refused or lost, too many connections, shutting down, lock timeout, deadlock. */
const passing = new Set([1040, 1053, 1205, 1213, 2002, 2003, 2006, 2013, 2026]);
const killedCodes = new Set([137, 143]);

/** The command-line client as root. The option file must come first; SQL comes by standard input alone. */
export const mariadbArgv: readonly string[] = [
  'mariadb',
  `--defaults-extra-file=${insideContainers.databaseSecrets}/client.cnf`,
  '--default-character-set=utf8mb4',
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
 * Fails transiently while the database can't be reached, finally (`database_failed`) for what it refuses.
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
  const result = await server.docker.exec(serverNames.database, request, options);
  if (result.exitCode === 0) return result.stdout;
  const message = lastLinesOf(redact(result.stderr || result.stdout));
  const code = Number(/ERROR (\d+)/.exec(message)?.[1]);
  if (passing.has(code) || killedCodes.has(result.exitCode)) {
    throw transient('database_unreachable', `The database of the server does not answer: ${message}`);
  }
  throw final('database_failed', `The database of the server refused: ${message}`);
};
