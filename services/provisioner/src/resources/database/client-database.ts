import { message } from '@alfa-cloud/contracts';
import type { CallOptions } from '@alfa-cloud/cloud-server';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { runSql } from '../../on-server/database.ts';
import { nameOccupied } from '../../on-server/failures.ts';
import {
  createDatabaseSql,
  dropDatabaseSql,
  dropOnlyDatabaseSql,
  inspectDatabaseSql,
} from '../../on-server/sql.ts';
import type { Resource } from '../resource.ts';

/** What stands under the names of the client's database and account. */
export interface FoundDatabase {
  /** Whose the database is, by the owner tag in its comment. The account belongs to the database. */
  database: 'own' | 'foreign' | 'absent';
  accounts: number;
}

export interface ClientDatabase extends Resource<FoundDatabase> {
  /** Removes database and account without asking whose they are. */
  drop(options: CallOptions): Promise<void>;
  /** The same for the database alone. */
  dropOnlyDatabase(options: CallOptions): Promise<void>;
}

/** The client's database with its account, which may use it and nothing else. */
export const clientDatabase = (client: ClientOnServer): ClientDatabase => {
  const { cloud, names, ownerTag, redact } = client;
  const run = (sql: string, options: CallOptions) => runSql(cloud, sql, redact, options);
  const inspect = async (options: CallOptions): Promise<FoundDatabase> => {
    const [comment = 'NULL', accounts] = (await run(inspectDatabaseSql(names), options))
      .trimEnd()
      .split('\t');
    // In batch mode the command-line client prints NULL for no value; an owner tag always has an equals sign.
    const database = comment === 'NULL' ? 'absent' : comment === ownerTag ? 'own' : 'foreign';
    return { database, accounts: Number(accounts) };
  };
  const drop = async (options: CallOptions) => void (await run(dropDatabaseSql(names), options));
  return {
    inspect,
    async ensure(options) {
      const { database, accounts } = await inspect(options);
      if (database === 'foreign') throw nameOccupied(message`Database ${names.database}`);
      if (database === 'absent' && accounts > 0)
        throw nameOccupied(message`Database account ${names.databaseUser}`);
      await run(createDatabaseSql(names, ownerTag, client.secrets.databasePassword), options);
      return `Database ${names.database} and its account are there`;
    },
    async remove(options) {
      const { database } = await inspect(options);
      if (database === 'absent') return `Database ${names.database} is not there`;
      if (database === 'foreign') return `Database ${names.database} is not this client's: left alone`;
      await drop(options);
      return `Database ${names.database} and its account removed`;
    },
    drop,
    dropOnlyDatabase: async (options) => void (await run(dropOnlyDatabaseSql(names), options)),
  };
};
