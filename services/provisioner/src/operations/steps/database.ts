import type { Step } from '@alfa-cloud/operations';
import { runSql } from '../../on-server/database.ts';
import { final, nameOccupied, serverStep } from '../../on-server/failures.ts';
import { createDatabaseSql, dropDatabaseSql, inspectDatabaseSql } from '../../on-server/sql.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

/** A database and an account of its own. The database's comment says who made it; the account follows the database. */
export const databaseStep: Step<ClientOnServer> = serverStep({
  name: 'database',
  deadlineMs: 120_000,
  async act(client, { signal }) {
    const { cloud, names, ownerTag, secrets, redact } = client;
    const found = await inspect(client, signal);
    if (found.comment !== null && found.comment !== ownerTag)
      throw nameOccupied(`Database ${names.database}`);
    if (found.comment === null && found.accounts > 0) {
      throw nameOccupied(`Database account ${names.databaseUser}`);
    }
    await runSql(cloud, createDatabaseSql(names, ownerTag, secrets.databasePassword), redact, { signal });
    return `Database ${names.database} and its account are there`;
  },
  async verify(client, { signal }) {
    const { comment, accounts } = await inspect(client, signal);
    if (comment !== client.ownerTag || accounts === 0) {
      throw final('database_missing', `Database ${client.names.database} is not there after it was made`);
    }
  },
  compensate: (client, { signal }) => dropDatabaseOf(client, signal),
});

/** Whose the database of the client's name is. */
export const databaseOf = async (
  client: ClientOnServer,
  signal: AbortSignal,
): Promise<'own' | 'foreign' | 'absent'> => {
  const { comment } = await inspect(client, signal);
  if (comment === null) return 'absent';
  return comment === client.ownerTag ? 'own' : 'foreign';
};

/** Takes the client's database and account away; absent or somebody else's are left as they are. Answers a sentence for the log. */
export const dropDatabaseOf = async (client: ClientOnServer, signal: AbortSignal): Promise<string> => {
  const { cloud, names, redact } = client;
  const whose = await databaseOf(client, signal);
  if (whose === 'absent') return `Database ${names.database} is not there`;
  if (whose === 'foreign') return `Database ${names.database} is not this client's: left alone`;
  await runSql(cloud, dropDatabaseSql(names), redact, { signal });
  return `Database ${names.database} and its account removed`;
};

interface Found {
  /** Null without a database. */
  comment: string | null;
  accounts: number;
}

const inspect = async ({ cloud, names, redact }: ClientOnServer, signal: AbortSignal): Promise<Found> => {
  const answer = await runSql(cloud, inspectDatabaseSql(names), redact, { signal });
  const [comment, accounts] = answer.trimEnd().split('\t');
  // In batch mode the client prints NULL for no value; a comment of Alfa Cloud's always has an equals sign.
  return {
    comment: comment === undefined || comment === 'NULL' ? null : comment,
    accounts: Number(accounts),
  };
};
