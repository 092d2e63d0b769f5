import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartupError } from './startup-error.ts';
import { REMOVE_UNPUBLISHED } from './statements.ts';

const FILE_NAME = 'eventstore.db';
/** "AlES": tells an event store from any other SQLite database. */
const APPLICATION_ID = 0x41_6c_45_53;
const FORMAT_VERSION = 2;
/** Files up to this size are checked completely at start, in a fraction of a second; in larger ones only the newest events are. */
const FULL_CHECK_MAX_BYTES = 32 * 1024 * 1024;
const NEWEST_EVENTS_CHECKED = 100;

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/**
 * `events.position` is the order of the log. `events.revision` is the place in the stream, and 2^53-1 for a tombstone.
 * What `$$<stream>` says about a stream is kept in its own row too, so that an append or read finds everything in one look-up.
 * Payload columns stand last: scans that need only the head of a row never touch overflow pages.
 */
const SCHEMA = `
  CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    last_revision INTEGER NOT NULL DEFAULT -1,
    tombstoned INTEGER NOT NULL DEFAULT 0,
    has_metadata INTEGER NOT NULL DEFAULT 0,
    soft_deleted INTEGER NOT NULL DEFAULT 0,
    max_count INTEGER,
    max_age_seconds INTEGER,
    truncate_before INTEGER
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    json INTEGER NOT NULL,
    id BLOB NOT NULL,
    type TEXT NOT NULL,
    metadata BLOB NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_revision ON events (stream, revision);
  CREATE INDEX events_by_id ON events (stream, id);
`;

/** Came with format 2. Holds at most one row: where the events of a long append stand that has not been published; they do not count. */
const RESERVED = `
  CREATE TABLE reserved (
    first_position INTEGER PRIMARY KEY,
    last_position INTEGER NOT NULL
  ) STRICT;
`;

/**
 * Opens the store in a directory, making both if absent, and locks it for this process: the lock is the operating system's, so
 * it is gone the moment the process is. Every commit is synced to disk before it returns.
 * @throws StartupError
 */
export function openDatabase(directory: string): DatabaseSync {
  const file = join(directory, FILE_NAME);
  let database: DatabaseSync;
  try {
    mkdirSync(directory, { recursive: true });
    database = new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw explain(error, directory, file);
  }
  try {
    prepare(database, file);
    return database;
  } catch (error) {
    database.close();
    throw explain(error, directory, file);
  }
}

function prepare(database: DatabaseSync, file: string): void {
  // Before anything is read: the write-ahead log's index then lives in memory and the file lock is kept until close.
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  const tables = pragma(database, 'SELECT count(*) AS value FROM sqlite_schema');
  const applicationId = pragma(database, 'SELECT application_id AS value FROM pragma_application_id');
  const version = pragma(database, 'SELECT user_version AS value FROM pragma_user_version');
  const isNew = tables === 0 && applicationId === 0 && version === 0;
  if (!isNew && applicationId !== APPLICATION_ID) {
    throw new StartupError(
      'not_an_event_store',
      `${file} is a database of something else, not an event store.`,
    );
  }
  if (version > FORMAT_VERSION) {
    throw new StartupError(
      'newer_format',
      `${file} has format ${version}; this version of the event store knows up to ${FORMAT_VERSION}.`,
    );
  }
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA cache_size = -8192;
    PRAGMA wal_autocheckpoint = 2000;
    PRAGMA journal_size_limit = 16777216;
    PRAGMA temp_store = MEMORY;
  `);
  database.exec('BEGIN IMMEDIATE');
  if (isNew) database.exec(`${SCHEMA}; PRAGMA application_id = ${APPLICATION_ID};`);
  if (version < FORMAT_VERSION) database.exec(`${RESERVED}; PRAGMA user_version = ${FORMAT_VERSION};`);
  database.exec(REMOVE_UNPUBLISHED);
  database.exec('COMMIT');
  if (!isNew) check(database, file);
}

function pragma(database: DatabaseSync, sql: string): number {
  return Number(database.prepare(sql).get()?.['value']);
}

/** Finds damage that would otherwise show itself in the middle of work, without reading gigabytes. */
function check(database: DatabaseSync, file: string): void {
  const bytes = pragma(
    database,
    'SELECT page_count * page_size AS value FROM pragma_page_count, pragma_page_size',
  );
  const sound =
    bytes <= FULL_CHECK_MAX_BYTES
      ? database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] === 'ok'
      : newestEventsAreSound(database);
  if (!sound) throw corrupt(file);
}

function newestEventsAreSound(database: DatabaseSync): boolean {
  const newest = database
    .prepare(
      `SELECT e.position, e.data, s.name, (SELECT i.position FROM events i WHERE i.stream = e.stream AND i.id = e.id) AS indexed
       FROM events e LEFT JOIN streams s ON s.id = e.stream AND (e.revision <= s.last_revision OR s.tombstoned = 1)
       ORDER BY e.position DESC LIMIT ?`,
    )
    .all(NEWEST_EVENTS_CHECKED);
  return newest.every((row) => row['name'] !== null && row['indexed'] !== null);
}

const corrupt = (file: string, cause?: unknown): StartupError =>
  new StartupError('corrupt', `${file} is damaged; restore it from a backup.`, { cause });

function explain(error: unknown, directory: string, file: string): unknown {
  if (error instanceof StartupError) return error;
  const { errcode, code, message } = error as { errcode?: number; code?: string; message: string };
  // The low byte is the primary result code, the rest refines it.
  const primary = errcode === undefined ? undefined : errcode & 0xff;
  if (primary === SQLITE_BUSY) {
    return new StartupError('directory_in_use', `${directory} is in use by another event store process.`, {
      cause: error,
    });
  }
  if (primary === SQLITE_NOTADB) {
    return new StartupError('not_an_event_store', `${file} is not a database.`, { cause: error });
  }
  if (primary === SQLITE_CORRUPT) return corrupt(file, error);
  if (primary === SQLITE_CANTOPEN || code?.startsWith('E')) {
    return new StartupError('directory_not_usable', `${directory} cannot be used: ${message}.`, {
      cause: error,
    });
  }
  return error;
}
