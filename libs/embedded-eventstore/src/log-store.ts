import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { EventPages } from './event-pages.ts';
import type { EventRecord, ProposedEvent } from './event-record.ts';
import { LOOKUPS, REMOVE_UNPUBLISHED, WRITES } from './statements.ts';
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

/** What changes in memory with a transaction. */
interface LogEnd {
  /** Position of the newest event that counts. */
  readonly head: number;
  readonly newestMs: number;
  /** Where a long append is being written. */
  readonly reserved: { readonly first: number; readonly last: number } | undefined;
}

const ONE_EVENT = { events: 1, bytes: 0 };
/**
 * Positions between the end of the log and those reserved for a long append: what others write until that is published. Should they ever need more,
 * their writes would fail on the primary key.
 */
const RESERVATION_DISTANCE = 2 ** 24;
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
  #reserved: LogEnd['reserved'];
  #beforeTransaction: LogEnd;
  #abandoned = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#sql = prepareAll(database, { ...WRITES, ...LOOKUPS });
    this.pages = new EventPages(database, (streamId) => this.streamName(streamId));
    const newest = this.#sql.newest.get();
    this.#head = Number(newest?.['position'] ?? 0);
    this.#newestMs = Number(newest?.['created_ms'] ?? 0);
    this.#beforeTransaction = this.#end();
  }

  /** Position of the newest event that counts, 0 when there is none. */
  get head(): number {
    return this.#head;
  }

  begin(): void {
    this.#database.exec('BEGIN IMMEDIATE');
    this.#beforeTransaction = this.#end();
    if (this.#abandoned) this.#database.exec(REMOVE_UNPUBLISHED);
  }

  /** Returns when everything since {@link begin} is on disk. */
  commit(): void {
    this.#database.exec('COMMIT');
    this.#abandoned = false;
  }

  rollback(): void {
    // SQLite has already rolled back by itself when the disk was full or failed.
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    // Ids of streams that were rolled back are given to others.
    this.#names.clear();
    const { head, newestMs, reserved } = this.#beforeTransaction;
    this.#head = head;
    this.#newestMs = newestMs;
    this.#reserved = reserved;
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
    this.#insert(this.#head, streamId, revision, this.#nextMs(), event);
    return this.#head;
  }

  /** Takes positions above the log for that many events of a long append, until {@link publish} or {@link abandon}. There is one at a time. */
  reserve(events: number): void {
    this.#nextMs();
    const first = this.#head + RESERVATION_DISTANCE;
    this.#reserved = { first, last: first + events - 1 };
    this.#sql.reserve.run(this.#reserved.first, this.#reserved.last);
  }

  /**
   * Writes some of the events that places have been reserved for. Nobody sees them yet.
   * @param revision of the first event of the long append
   * @param place of the first of these events in it, from 0
   */
  addReserved(streamId: number, revision: number, place: number, events: readonly ProposedEvent[]): void {
    const { first } = this.#reservation();
    for (const [index, event] of events.entries()) {
      const at = place + index;
      this.#insert(first + at, streamId, revision + at, this.#newestMs, event);
    }
  }

  /** Makes the end of the reserved positions the end of the log, and returns it. The caller updates the stream's row. */
  publish(): number {
    this.#head = this.#reservation().last;
    this.#reserved = undefined;
    this.#sql.publish.run();
    return this.#head;
  }

  /** Gives up what has been reserved; the next transaction removes what was written there. After the last one that is done when the file is opened. */
  abandon(): void {
    this.#reserved = undefined;
    this.#abandoned = true;
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

  #insert(
    position: number,
    streamId: number,
    revision: number,
    createdMs: number,
    event: ProposedEvent,
  ): void {
    this.#sql.addEvent.run(
      position,
      streamId,
      revision,
      createdMs,
      event.json ? 1 : 0,
      uuidToBytes(event.id),
      event.type,
      event.metadata,
      event.data,
    );
  }

  /**
   * Never earlier than the event before: $maxAge is found by binary search. What is written beside a long append stands before it in the log, so it gets
   * the same time.
   */
  #nextMs(): number {
    if (this.#reserved === undefined) this.#newestMs = Math.max(this.#newestMs, Date.now());
    return this.#newestMs;
  }

  #reservation(): NonNullable<LogEnd['reserved']> {
    if (this.#reserved === undefined) throw new Error('No positions are reserved');
    return this.#reserved;
  }

  #end(): LogEnd {
    return { head: this.#head, newestMs: this.#newestMs, reserved: this.#reserved };
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
