import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { EventPages } from './event-pages.ts';
import type { EventRecord, ProposedEvent } from './event-record.ts';
import { LOOKUPS, STAGING, WRITES } from './statements.ts';
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

const ONE_EVENT = { events: 1, bytes: 0 };
/** Most stream names in the cache. */
const NAMES_MAX = 10_000;
/** Ids read at a time when many are compared. */
const IDS_AT_ONCE = 500;

const prepareAll = <Name extends string>(
  database: DatabaseSync,
  texts: Readonly<Record<Name, string>>,
): Readonly<Record<Name, StatementSync>> =>
  Object.fromEntries(
    Object.entries<string>(texts).map(([name, text]) => [name, database.prepare(text)]),
  ) as Record<Name, StatementSync>;

/**
 * Typed access to the tables. Every call is synchronous, so between two turns of the event loop a caller sees one state of the log;
 * writes belong between {@link begin} and {@link commit}.
 */
export class LogStore {
  readonly pages: EventPages;
  readonly #database: DatabaseSync;
  readonly #sql: Readonly<Record<keyof typeof WRITES | keyof typeof LOOKUPS, StatementSync>>;
  readonly #names = new Map<number, string>();
  #head: number;
  #newestMs: number;

  constructor(database: DatabaseSync) {
    database.exec(STAGING);
    this.#database = database;
    this.#sql = prepareAll(database, { ...WRITES, ...LOOKUPS });
    this.pages = new EventPages(database, (streamId) => this.streamName(streamId));
    const newest = this.#newest();
    this.#head = newest.position;
    this.#newestMs = newest.createdMs;
  }

  /** Position of the newest event, 0 when there is none. */
  get head(): number {
    return this.#head;
  }

  begin(): void {
    this.#database.exec('BEGIN IMMEDIATE');
  }

  /** Returns when everything since {@link begin} is on disk. */
  commit(): void {
    this.#database.exec('COMMIT');
  }

  /** Moves what has been committed from the write-ahead log into the file. SQLite does so by itself in the commit that makes the log too long. */
  checkpoint(): void {
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  rollback(): void {
    // SQLite has already rolled back by itself when the disk was full or failed.
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    // Ids of streams that were rolled back are given to others.
    this.#names.clear();
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
    let name = this.#names.get(id);
    if (name === undefined) {
      name = String(this.#sql.streamName.get(id)?.['name']);
      if (this.#names.size >= NAMES_MAX) this.#names.clear();
      this.#names.set(id, name);
    }
    return name;
  }

  /** Id of the stream's row, which is inserted if absent. */
  ensureStream(name: string): number {
    return this.stream(name)?.id ?? Number(this.#sql.addStream.run(name).lastInsertRowid);
  }

  /** Appends one event to the log and returns its position. The caller updates the stream's row. */
  addEvent(streamId: number, revision: number, event: ProposedEvent): number {
    this.#head += 1;
    this.#sql.addEvent.run(
      this.#head,
      streamId,
      revision,
      this.#nextMs(),
      event.json ? 1 : 0,
      uuidToBytes(event.id),
      event.type,
      event.metadata,
      event.data,
    );
    return this.#head;
  }

  /** Stores an event for {@link addStaged}, invisible to readers. Needs no transaction. */
  stage(batch: number, place: number, event: ProposedEvent): void {
    const { json, id, type, metadata, data } = event;
    this.#sql.stage.run(batch, place, json ? 1 : 0, uuidToBytes(id), type, metadata, data);
  }

  /** Appends all events of a batch in the order of their places, and returns the position of the last one. */
  addStaged(streamId: number, revision: number, batch: number): number {
    const { changes } = this.#sql.addStaged.run(this.#head + 1, streamId, revision, this.#nextMs(), batch);
    this.#head += Number(changes);
    return this.#head;
  }

  unstage(batch: number): void {
    this.#sql.unstage.run(batch);
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

  /** The ids from a revision on, read as they are asked for. */
  *idsFrom(streamId: number, revision: number): Generator<string, undefined> {
    for (let from = revision; ; from += IDS_AT_ONCE) {
      const ids = this.pages.idsFrom(streamId, from, IDS_AT_ONCE);
      yield* ids.map(uuidFromBytes);
      if (ids.length < IDS_AT_ONCE) return undefined;
    }
  }

  /** Revision of the first event with that id. */
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
    return this.pages.streamForward(streamId, revision, revision, ONE_EVENT)[0];
  }

  /** Never earlier than the event before: $maxAge is found by binary search. */
  #nextMs(): number {
    this.#newestMs = Math.max(this.#newestMs, Date.now());
    return this.#newestMs;
  }

  #newest(): { position: number; createdMs: number } {
    const row = this.#sql.newest.get();
    return { position: Number(row?.['position'] ?? 0), createdMs: Number(row?.['created_ms'] ?? 0) };
  }
}

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
