import { deleteSqliteFile, errorMessage, isSqliteDamage } from '@alfa-cloud/service-kit';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { observationsSchema, schema, schemaVersion } from './schema.ts';

export interface OpenedDatabase {
  database: DatabaseSync;
  /** Why the read models have to be built anew from the events; null when they are as they were left. */
  rebuild: string | null;
}

/** Reason to build them at the very first start, or after somebody has removed them. */
export const noneYet = 'there are none yet';

/**
 * Opens the read models. A file that is missing, damaged or of another schema version is replaced by an empty one: the events hold everything.
 * @param file path of the SQLite file, `:memory:` for none
 * @throws Error when not even an empty file can be made (no access, disk full)
 */
export const openDatabase = (file: string): OpenedDatabase => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const opened = tryOpen(file);
  if (opened.fault === null) return { database: opened.database, rebuild: null };
  deleteSqliteFile(file);
  return { database: create(file), rebuild: opened.fault };
};

/** Moves all that is in the log beside the file into it, so that nothing overwritten can be read there either. */
export const emptyLog = (database: DatabaseSync): void => {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
};

const tryOpen = (file: string): { database: DatabaseSync; fault: null } | { fault: string } => {
  let database: DatabaseSync | null = null;
  try {
    database = prepare(new DatabaseSync(file));
    const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (found === schemaVersion) {
      database.prepare('SELECT * FROM checkpoint').all();
      return { database, fault: null };
    }
    database.close();
    return {
      fault: found === 0 ? noneYet : `they have schema version ${found}, not ${schemaVersion}`,
    };
  } catch (error) {
    database?.close();
    if (!isSqliteDamage(error)) throw error;
    return { fault: `their file is damaged (${errorMessage(error)})` };
  }
};

const create = (file: string): DatabaseSync => {
  const database = prepare(new DatabaseSync(file));
  database.exec(`BEGIN; ${schema} PRAGMA user_version = ${schemaVersion}; COMMIT`);
  return database;
};

/** Pages in the log beside the file before they are moved into it, which waits for the disk; 32 MiB. */
const walPages = 8192;

/**
 * `synchronous = NORMAL`: a power cut may take the newest transactions, rows and checkpoint alike; the events bring them back.
 * `secure_delete`: what is deleted is overwritten, or a deleted client's personal data could still be read in the file.
 */
const prepare = (database: DatabaseSync): DatabaseSync => {
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${walPages};
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -32768;
      PRAGMA busy_timeout = 2000;
      PRAGMA secure_delete = ON;
      ${observationsSchema}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};
