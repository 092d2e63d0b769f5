/**
 * The SQL of the store. statements.test.ts records SQLite's plan of each statement: one that scans, or uses another index than intended, costs
 * more the longer a stream is.
 */

/** In the order in which {@link LogStore} takes them apart. The payload stands last, as in the table. */
const EVENT = 'position, stream, revision, created_ms, json, id, type, metadata, data';

export const WRITES = {
  addStream: 'INSERT INTO streams (name) VALUES (?)',
  setLastRevision: 'UPDATE streams SET last_revision = ? WHERE id = ?',
  setTombstoned: 'UPDATE streams SET tombstoned = 1 WHERE id = ?',
  setLimits:
    'UPDATE streams SET has_metadata = 1, soft_deleted = ?, max_count = ?, max_age_seconds = ?, truncate_before = ? WHERE id = ?',
  addEvent: `INSERT INTO events (${EVENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  reserve: 'INSERT INTO reserved (first_position, last_position) VALUES (?, ?)',
  publish: 'DELETE FROM reserved',
  removeUnpublished: `DELETE FROM events
    WHERE position BETWEEN (SELECT first_position FROM reserved) AND (SELECT last_position FROM reserved)`,
};

/** Undoes a long append that has ended too early. Costs nothing when there is none. */
export const REMOVE_UNPUBLISHED = `${WRITES.removeUnpublished}; ${WRITES.publish};`;

/** Answer with one row as an object. */
export const LOOKUPS = {
  newest: 'SELECT position, created_ms FROM events ORDER BY position DESC LIMIT 1',
  stream: 'SELECT * FROM streams WHERE name = ?',
  streamName: 'SELECT name FROM streams WHERE id = ?',
  // The first one, if the id was written more than once.
  revisionOfId:
    'SELECT revision FROM events INDEXED BY events_by_id WHERE stream = ? AND id = ? ORDER BY position LIMIT 1',
  positionAt: 'SELECT position FROM events WHERE stream = ? AND revision = ?',
  createdAt: 'SELECT created_ms FROM events WHERE stream = ? AND revision = ?',
};

/** Answer with many rows, as arrays: making an object of each costs as much as reading it. */
export const PAGES = {
  idsFrom: 'SELECT id FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
  streamForward: `SELECT ${EVENT} FROM events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision LIMIT ?`,
  streamBackward: `SELECT ${EVENT} FROM events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision DESC LIMIT ?`,
  allForward: `SELECT ${EVENT} FROM events WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?`,
  allBackward: `SELECT ${EVENT} FROM events WHERE position BETWEEN ? AND ? ORDER BY position DESC LIMIT ?`,
  headsForward:
    'SELECT position, stream, type FROM events WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?',
  headsBackward:
    'SELECT position, stream, type FROM events WHERE position BETWEEN ? AND ? ORDER BY position DESC LIMIT ?',
};
