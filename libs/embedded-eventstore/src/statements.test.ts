import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from './schema.ts';
import { LOOKUPS, PAGES, WRITES } from './statements.ts';

/** The index that each statement finds its rows by; `primary key` is the rowid. */
const meant: Readonly<Record<string, string>> = {
  setLastRevision: 'primary key',
  setTombstoned: 'primary key',
  setLimits: 'primary key',
  removeUnpublished: 'primary key',
  stream: 'sqlite_autoindex_streams_1 (name=?)',
  streamName: 'primary key',
  revisionOfId: 'events_by_id (stream=? AND id=?)',
  positionAt: 'events_by_revision (stream=? AND revision=?)',
  createdAt: 'events_by_revision (stream=? AND revision=?)',
  idsFrom: 'events_by_revision (stream=? AND revision>?)',
  streamForward: 'events_by_revision (stream=? AND revision>? AND revision<?)',
  streamBackward: 'events_by_revision (stream=? AND revision>? AND revision<?)',
  allForward: 'primary key',
  allBackward: 'primary key',
  headsForward: 'primary key',
  headsBackward: 'primary key',
};
/** Take rows in the order of an index and stop at the first one, or find none at all. */
const withoutSearch = new Set(['newest', 'addStream', 'addEvent', 'reserve', 'publish']);

const directory = mkdtempSync(join(tmpdir(), 'alfa-statements-'));
const database = openDatabase(directory);

const planOf = (sql: string): string =>
  database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array.from({ length: sql.split('?').length - 1 }, () => 1))
    .map(({ detail }) => String(detail))
    .join('; ');

test.each(Object.entries({ ...WRITES, ...LOOKUPS, ...PAGES }))('%s goes by its index', (name, sql) => {
  // A table of one row at most.
  const plan = planOf(sql).replaceAll('SCAN reserved', '');
  if (withoutSearch.has(name)) {
    expect(plan).toMatch(name === 'newest' ? /^SCAN events$/ : /^$/);
    return;
  }
  expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
  expect(plan).toContain(meant[name] === 'primary key' ? 'USING INTEGER PRIMARY KEY' : meant[name]);
});

test('the look-up by id would go by revision if the index were not named', () => {
  const chosen = planOf('SELECT max(revision) FROM events WHERE stream = ? AND id = ?');
  expect(chosen).toContain('events_by_revision');
  database.close();
  rmSync(directory, { recursive: true });
});
