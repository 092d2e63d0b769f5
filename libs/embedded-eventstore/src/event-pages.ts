import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { EventRecord } from './event-record.ts';
import { bytesOf } from './event-record.ts';
import { PAGES } from './statements.ts';

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

type Row = readonly SQLOutputValue[];

/** Reads stretches of a stream or of the log. Every call is synchronous and sees what has been committed and, inside a transaction, what has been written. */
export class EventPages {
  readonly #sql: Readonly<Record<keyof typeof PAGES, StatementSync>>;
  readonly #nameOf: (streamId: number) => string;

  /** @param nameOf the name of a stream that has events */
  constructor(database: DatabaseSync, nameOf: (streamId: number) => string) {
    const prepared = Object.entries(PAGES).map(([name, text]) => {
      const statement = database.prepare(text);
      statement.setReturnArrays(true);
      return [name, statement];
    });
    this.#sql = Object.fromEntries(prepared) as Record<keyof typeof PAGES, StatementSync>;
    this.#nameOf = nameOf;
  }

  streamForward(streamId: number, from: number, to: number, size: PageSize): EventRecord[] {
    return this.#page(this.#sql.streamForward.iterate(streamId, from, to, size.events), size);
  }

  streamBackward(streamId: number, from: number, to: number, size: PageSize): EventRecord[] {
    return this.#page(this.#sql.streamBackward.iterate(streamId, to, from, size.events), size);
  }

  allForward(from: number, to: number, size: PageSize): EventRecord[] {
    return this.#page(this.#sql.allForward.iterate(from, to, size.events), size);
  }

  allBackward(from: number, to: number, size: PageSize): EventRecord[] {
    return this.#page(this.#sql.allBackward.iterate(to, from, size.events), size);
  }

  headsForward(from: number, to: number, limit: number): EventHead[] {
    return rowsOf(this.#sql.headsForward.all(from, to, limit)).map(toEventHead);
  }

  headsBackward(from: number, to: number, limit: number): EventHead[] {
    return rowsOf(this.#sql.headsBackward.all(to, from, limit)).map(toEventHead);
  }

  /** The ids of that many events of a stream from a revision on, fewer at its end. */
  idsFrom(streamId: number, revision: number, limit: number): Uint8Array[] {
    return rowsOf(this.#sql.idsFrom.all(streamId, revision, limit)).map(([id]) => id as Uint8Array);
  }

  /** Takes rows until the page is full, so that a page of large events stays small in memory. */
  #page(rows: Iterable<unknown>, size: PageSize): EventRecord[] {
    const events: EventRecord[] = [];
    let bytes = 0;
    for (const row of rows) {
      const event = this.#toEventRecord(row as Row);
      events.push(event);
      bytes += bytesOf(event);
      if (bytes >= size.bytes) break;
    }
    return events;
  }

  #toEventRecord(row: Row): EventRecord {
    const streamId = row[1] as number;
    return {
      position: row[0] as number,
      streamId,
      stream: this.#nameOf(streamId),
      revision: row[2] as number,
      createdMs: row[3] as number,
      json: row[4] === 1,
      id: row[5] as Uint8Array,
      type: row[6] as string,
      metadata: row[7] as Uint8Array,
      data: row[8] as Uint8Array,
    };
  }
}

/** The type library does not know that statements may answer with arrays. */
const rowsOf = (rows: unknown): readonly Row[] => rows as readonly Row[];

const toEventHead = (row: Row): EventHead => ({
  position: row[0] as number,
  streamId: row[1] as number,
  type: row[2] as string,
});
