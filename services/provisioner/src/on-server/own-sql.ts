import type { Message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import type { ClientOnServer } from './client-on-server.ts';
import { runInDatabase } from './database-script.ts';

/**
 * Parameters: database, account. Standard input: a line with the account's password as it stands in an option file, then the SQL.
 * In binary mode the client knows no commands of its own, by which SQL could run programs or read files, and it hands out no local files.
 */
const text = `set -euo pipefail
IFS= read -r password
exec mariadb --defaults-extra-file=<(printf '[client]\\nuser=%s\\npassword="%s"\\n' "$2" "$password") \\
  --default-character-set=utf8mb4 --binary-mode --local-infile=0 --max-allowed-packet=1G --skip-reconnect --batch --skip-column-names "$1"
`;

export const ownSqlScript = 'alfa-own-sql';

/**
 * Runs SQL in the client's database by the client's own account, which reaches nothing else. The SQL may hold secrets: of what the database
 * says only the number and the line of an error are told, and nothing of what it prints.
 * @param run.what for messages: `Masking the data`
 * @throws StepFailure final `run.failureCode` when the database refuses a statement; those before it have been done
 */
export const runOwnSql = async (
  { cloud, names, secrets }: ClientOnServer,
  sql: string,
  run: { what: Message; failureCode: string; deadlineMs: number },
  io: Pick<StepIo, 'signal' | 'operationId'>,
): Promise<void> => {
  const { database, databaseUser } = names;
  const password = secrets.databasePassword.replaceAll(/["\\]/g, '\\$&');
  await runInDatabase(
    cloud,
    {
      database,
      argv: ['bash', '-c', text, ownSqlScript, database, databaseUser],
      stdin: `${password}\n${sql}\n`,
    },
    { ...run, redact: errorsAlone },
    io,
  );
};

/** The database quotes the statement that it refuses. */
const errorsAlone = (output: string): string =>
  [...output.matchAll(/^ERROR \d+ \(\w+\)(?: at line \d+)?/gm)].map(([error]) => error).join('\n');
