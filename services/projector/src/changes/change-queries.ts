import {
  type Change,
  type ChangesReset,
  type ChangesView,
  positionOfCursor,
  type Queries,
} from '@alfa-cloud/contracts';
import { json, type Json } from '../answering/json.ts';
import type { Statements } from '../answering/statements.ts';

/** Questions about what has changed. */
export interface ChangeQueries {
  list(request: Queries['ListChanges']['request']): Json<ChangesView>;
}

/** Changes after a cursor that are told one by one. Whoever has missed more reads everything anew, which is less work for both. */
export const backlogMax = 10_000;
const sizeMax = 1000;

/** Cursor while there is no event: everything comes after it, in whatever event store. */
const beforeAll = 'none-0';

/**
 * A cursor is the position of an event and the event store that it belongs to, told by the first event there. Nothing of it depends on when or
 * by which replica the events were applied.
 */
export const changeQueries = (statements: Statements): ChangeQueries => {
  const here = (): { origin: string; position: bigint } | null => {
    const row = statements.of('SELECT origin, position FROM checkpoint').get();
    return row === undefined
      ? null
      : { origin: String(row['origin']).slice(0, 8), position: BigInt(String(row['position'])) };
  };

  /** Position of the n-th change after another one, 0-based; null when there are not so many. */
  const positionAfter = (position: bigint, count: number): bigint | null => {
    const row = statements
      .of(
        `SELECT CAST(position AS TEXT) AS position FROM changes WHERE changes.position > ?
         ORDER BY changes.position LIMIT 1 OFFSET ?`,
      )
      .get(position, count);
    return row === undefined ? null : BigInt(String(row['position']));
  };

  return {
    list({ after, size }) {
      const now = here();
      if (now === null)
        return json(nothing(beforeAll, after === null || after === beforeAll ? null : 'unknown_cursor'));
      const newest = `${now.origin}-${now.position}`;
      if (after === null) return json(nothing(newest, null));
      const from = after === beforeAll ? -1n : BigInt(positionOfCursor(after));
      if (after !== beforeAll && (!after.startsWith(`${now.origin}-`) || from > now.position)) {
        return json(nothing(newest, 'unknown_cursor'));
      }
      if (positionAfter(from, backlogMax) !== null) return json(nothing(newest, 'too_many_changes'));
      // All changes by one event are on one page, so that a position is enough to go on from.
      const until = positionAfter(from, Math.min(Math.max(size, 1), sizeMax) - 1);
      const rows = statements
        .of(
          `SELECT type, id, client_id, server_id, removed FROM changes WHERE position > ? AND position <= ?
           ORDER BY position, type, id`,
        )
        .all(from, until ?? now.position);
      const more = until !== null && positionAfter(until, 0) !== null;
      const cursor = more ? `${now.origin}-${until}` : newest;
      return json<ChangesView>({ cursor, reset: null, changes: rows.map(toChange), more });
    },
  };
};

const nothing = (cursor: string, reset: ChangesReset | null): ChangesView => ({
  cursor,
  reset,
  changes: [],
  more: false,
});

const toChange = (row: Record<string, unknown>): Change => ({
  type: row['type'] as Change['type'],
  id: String(row['id']),
  clientId: textOrNull(row['client_id']),
  serverId: textOrNull(row['server_id']),
  removed: row['removed'] === 1,
});

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
