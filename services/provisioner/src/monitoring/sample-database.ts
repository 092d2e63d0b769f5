import { deleteSqliteFile, errorMessage, inTransaction, isSqliteDamage } from '@alfa-cloud/service-kit';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Raise it with every change of the tables: samples of another version are thrown away. */
const schemaVersion = 1;

/** `summaries`: see `encodeSummaries`. Rows of one subject lie together, in the order of time. */
const schema = `
  CREATE TABLE subjects (
    number INTEGER PRIMARY KEY,
    server_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (server_id, kind, name)
  ) STRICT;
  ${['raw', 'ten_minutes', 'hours']
    .map(
      (table) => `CREATE TABLE ${table} (
    subject INTEGER NOT NULL,
    at INTEGER NOT NULL,
    summaries BLOB NOT NULL,
    PRIMARY KEY (subject, at)
  ) STRICT, WITHOUT ROWID;`,
    )
    .join('\n  ')}
`;

/**
 * Opens the file of samples; one that is damaged or of another version is replaced by an empty one. Where none can be made, samples are kept in
 * memory: servers must be looked after without charts as well. Several processes may share the file.
 * @param file path, `:memory:` for none
 * @param onLost told why there are no earlier samples though there should be
 */
export const openSampleDatabase = (file: string, onLost: (reason: string) => void): DatabaseSync => {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    return prepared(file, onLost);
  } catch (error) {
    onLost(errorMessage(error));
    if (!isSqliteDamage(error)) return prepared(':memory:', onLost);
    deleteSqliteFile(file);
    return prepared(file, onLost);
  }
};

/** A power cut may take the newest samples, which is a gap. */
const prepared = (file: string, onLost: (reason: string) => void): DatabaseSync => {
  const database = new DatabaseSync(file);
  try {
    database.exec(`
      PRAGMA busy_timeout = 2000;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -8192;`);
    inTransaction(database, () => {
      const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
      if (version === schemaVersion) return;
      if (version !== 0) onLost(`they have schema version ${version}, not ${schemaVersion}`);
      for (const table of ['subjects', 'raw', 'ten_minutes', 'hours']) {
        database.exec(`DROP TABLE IF EXISTS ${table}`);
      }
      database.exec(`${schema} PRAGMA user_version = ${schemaVersion};`);
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};
