import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { EventRecord, ProposedEvent } from './event-record.ts';
import { bytesOf } from './event-record.ts';
import type { StreamLimits } from './stream-metadata.ts';
import { uuidFromBytes, uuidToBytes } from './uuid.ts';

type Row = Record<string, SQLOutputValue>;

/** What is known of a stream without looking at its events. */
export interface StreamRow {
  readonly id: number;
  readonly name: string;
  readonly lastRevision: number;
  readonly tombstoned: boolean;
  readonly hasMetadata: boolean;
  readonly limits: StreamLimits;
}

/** An event's place and what filters look at. */
export interface EventHead {
  readonly position: number;
  readonly streamId: number;
  readonly type: string;
}

/** How much a page of events may hold at most; one event is always let through. */
export interface PageSize {
  readonly events: number;
  readonly bytes: number;
}

const COLUMNS =
  'e.position, s.name, e.revision, e.created_ms, e.json, e.id, e.type, e.metadata, e.data FROM events e JOIN streams s ON s.id = e.stream';

function prepareAll(database: DatabaseSync) {
  const sql = (text: string): StatementSync => database.prepare(text);
  return {
    begin: sql('BEGIN IMMEDIATE'),
    commit: sql('COMMIT'),
    rollback: sql('ROLLBACK'),
    newest: sql('SELECT position, created_ms FROM events ORDER BY position DESC LIMIT 1'),
    stream: sql('SELECT * FROM streams WHERE name = ?'),
    streamName: sql('SELECT name FROM streams WHERE id = ?'),
    addStream: sql('INSERT INTO streams (name) VALUES (?)'),
    setLastRevision: sql('UPDATE streams SET last_revision = ? WHERE id = ?'),
    setTombstoned: sql('UPDATE streams SET tombstoned = 1 WHERE id = ?'),
    setLimits: sql(
      'UPDATE streams SET has_metadata = 1, soft_deleted = ?, max_count = ?, max_age_seconds = ?, truncate_before = ? WHERE id = ?',
    ),
    addEvent: sql(
      'INSERT INTO events (position, stream, revision, created_ms, json, id, type, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    idAt: sql('SELECT id FROM events WHERE stream = ? AND revision = ?'),
    revisionOfId: sql('SELECT max(revision) AS revision FROM events WHERE stream = ? AND id = ?'),
    positionAt: sql('SELECT position FROM events WHERE stream = ? AND revision = ?'),
    createdAt: sql('SELECT created_ms FROM events WHERE stream = ? AND revision = ?'),
    eventAt: sql(`SELECT ${COLUMNS} WHERE e.stream = ? AND e.revision = ?`),
    eventAtPosition: sql(`SELECT ${COLUMNS} WHERE e.position = ?`),
    streamForward: sql(
      `SELECT ${COLUMNS} WHERE e.stream = ? AND e.revision BETWEEN ? AND ? ORDER BY e.revision LIMIT ?`,
    ),
    streamBackward: sql(
      `SELECT ${COLUMNS} WHERE e.stream = ? AND e.revision BETWEEN ? AND ? ORDER BY e.revision DESC LIMIT ?`,
    ),
    allForward: sql(`SELECT ${COLUMNS} WHERE e.position BETWEEN ? AND ? ORDER BY e.position LIMIT ?`),
    allBackward: sql(`SELECT ${COLUMNS} WHERE e.position BETWEEN ? AND ? ORDER BY e.position DESC LIMIT ?`),
    headsForward: sql(
      'SELECT position, stream, type FROM events WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?',
    ),
    headsBackward: sql(
      'SELECT position, stream, type FROM events WHERE position BETWEEN ? AND ? ORDER BY position DESC LIMIT ?',
    ),
  };
}

/**
 * The tables as methods. Every call is synchronous, so between two turns of the event loop a caller sees one state of the log;
 * writes belong between {@link begin} and {@link commit}.
 */
export class LogStore {
  readonly #database: DatabaseSync;
  readonly #sql: ReturnType<typeof prepareAll>;
  #head: number;
  #newestMs: number;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#sql = prepareAll(database);
    const newest = this.#newest();
    this.#head = newest.position;
    this.#newestMs = newest.createdMs;
  }

  /** Position of the newest event, 0 when there is none. */
  get head(): number {
    return this.#head;
  }

  begin(): void {
    this.#sql.begin.run();
  }

  /** Returns when everything since {@link begin} is on disk. */
  commit(): void {
    this.#sql.commit.run();
  }

  rollback(): void {
    // SQLite has already rolled back by itself when the disk was full or failed.
    if (this.#database.isTransaction) this.#sql.rollback.run();
    const newest = this.#newest();
    this.#head = newest.position;
    this.#newestMs = newest.createdMs;
  }

  close(): void {
    this.#database.close();
  }

  stream(name: string): StreamRow | undefined {
    const row = this.#sql.stream.get(name);
    return row === undefined ? undefined : toStreamRow(row);
  }

  streamName(id: number): string {
    return String(this.#sql.streamName.get(id)?.['name']);
  }

  /** Id of the stream's row, which is made if absent. */
  ensureStream(name: string): number {
    return this.stream(name)?.id ?? Number(this.#sql.addStream.run(name).lastInsertRowid);
  }

  /** Appends one event to the log and returns its position. The stream's row is the caller's to keep in step. */
  addEvent(streamId: number, revision: number, event: ProposedEvent): number {
    // Never earlier than the event before: $maxAge is found by binary search.
    this.#newestMs = Math.max(this.#newestMs, Date.now());
    this.#head += 1;
    this.#sql.addEvent.run(
      this.#head,
      streamId,
      revision,
      this.#newestMs,
      event.json ? 1 : 0,
      uuidToBytes(event.id),
      event.type,
      event.metadata,
      event.data,
    );
    return this.#head;
  }

  setLastRevision(streamId: number, revision: number): void {
    this.#sql.setLastRevision.run(revision, streamId);
  }

  setTombstoned(streamId: number): void {
    this.#sql.setTombstoned.run(streamId);
  }

  setLimits(streamId: number, limits: StreamLimits): void {
    this.#sql.setLimits.run(
      limits.softDeleted ? 1 : 0,
      limits.maxCount ?? null,
      limits.maxAgeSeconds ?? null,
      limits.truncateBefore ?? null,
      streamId,
    );
  }

  idAt(streamId: number, revision: number): string | undefined {
    const row = this.#sql.idAt.get(streamId, revision);
    return row === undefined ? undefined : uuidFromBytes(row['id'] as Uint8Array);
  }

  revisionOf(streamId: number, eventId: string): number | undefined {
    return (this.#sql.revisionOfId.get(streamId, uuidToBytes(eventId))?.['revision'] ?? undefined) as
      number | undefined;
  }

  positionAt(streamId: number, revision: number): number {
    return Number(this.#sql.positionAt.get(streamId, revision)?.['position']);
  }

  createdMsAt(streamId: number, revision: number): number {
    return Number(this.#sql.createdAt.get(streamId, revision)?.['created_ms']);
  }

  eventAt(streamId: number, revision: number): EventRecord | undefined {
    const row = this.#sql.eventAt.get(streamId, revision);
    return row === undefined ? undefined : toEventRecord(row);
  }

  /** The event at a position that is known to hold one. */
  eventAtPosition(position: number): EventRecord {
    const row = this.#sql.eventAtPosition.get(position);
    if (row === undefined) throw new Error(`No event at position ${position}`);
    return toEventRecord(row);
  }

  streamForward(streamId: number, from: number, to: number, size: PageSize): EventRecord[] {
    return page(this.#sql.streamForward.iterate(streamId, from, to, size.events), size);
  }

  streamBackward(streamId: number, from: number, to: number, size: PageSize): EventRecord[] {
    return page(this.#sql.streamBackward.iterate(streamId, to, from, size.events), size);
  }

  allForward(from: number, to: number, size: PageSize): EventRecord[] {
    return page(this.#sql.allForward.iterate(from, to, size.events), size);
  }

  allBackward(from: number, to: number, size: PageSize): EventRecord[] {
    return page(this.#sql.allBackward.iterate(to, from, size.events), size);
  }

  headsForward(from: number, to: number, limit: number): EventHead[] {
    return this.#sql.headsForward.all(from, to, limit).map(toEventHead);
  }

  headsBackward(from: number, to: number, limit: number): EventHead[] {
    return this.#sql.headsBackward.all(to, from, limit).map(toEventHead);
  }

  #newest(): { position: number; createdMs: number } {
    const row = this.#sql.newest.get();
    return { position: Number(row?.['position'] ?? 0), createdMs: Number(row?.['created_ms'] ?? 0) };
  }
}

/** Takes rows until the page is full, so that a page of large events stays small in memory. */
function page(rows: Iterable<Row>, size: PageSize): EventRecord[] {
  const events: EventRecord[] = [];
  let bytes = 0;
  for (const row of rows) {
    const event = toEventRecord(row);
    events.push(event);
    bytes += bytesOf(event);
    if (bytes >= size.bytes) break;
  }
  return events;
}

const toEventHead = (row: Row): EventHead => ({
  position: row['position'] as number,
  streamId: row['stream'] as number,
  type: row['type'] as string,
});

const toEventRecord = (row: Row): EventRecord => ({
  position: row['position'] as number,
  stream: row['name'] as string,
  revision: row['revision'] as number,
  createdMs: row['created_ms'] as number,
  json: row['json'] === 1,
  id: uuidFromBytes(row['id'] as Uint8Array),
  type: row['type'] as string,
  metadata: row['metadata'] as Uint8Array,
  data: row['data'] as Uint8Array,
});

function toStreamRow(row: Row): StreamRow {
  const maxCount = row['max_count'];
  const maxAgeSeconds = row['max_age_seconds'];
  const truncateBefore = row['truncate_before'];
  return {
    id: row['id'] as number,
    name: row['name'] as string,
    lastRevision: row['last_revision'] as number,
    tombstoned: row['tombstoned'] === 1,
    hasMetadata: row['has_metadata'] === 1,
    limits: {
      softDeleted: row['soft_deleted'] === 1,
      ...(typeof maxCount === 'number' && { maxCount }),
      ...(typeof maxAgeSeconds === 'number' && { maxAgeSeconds }),
      ...(typeof truncateBefore === 'number' && { truncateBefore }),
    },
  };
}
