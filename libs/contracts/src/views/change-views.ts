import type { Static } from 'typebox';
import { patterned } from '../values/primitives.ts';

/** Types of the resources whose changes are told, as the API names them. */
export const changedTypes = [
  'servers',
  'clients',
  'operations',
  'backups',
  'builds',
  'mails',
  'alerts',
] as const;
export type ChangedType = (typeof changedTypes)[number];

/** A resource that is not what it was before. What it is now is asked by its address: many changes of one resource are told as one. */
export interface Change {
  type: ChangedType;
  id: string;
  /** Whom an operation, a backup or a mail is about; null for others. */
  clientId: string | null;
  /** Where a client lives, what an operation, a build or an alert is about; null for others. */
  serverId: string | null;
  /** Shown nowhere but in the history from now on. */
  removed: boolean;
}

/** Place in the order of all events: which event store, and its position there. `none` of no event. */
export const changesCursorPattern = '^(?:none|[0-9a-f]{8})-[0-9]{1,20}$';
export const ChangesCursor = patterned(
  changesCursorPattern,
  'must be the meta.cursor of an answer before, like "1f3a9c02-8123"',
);
export type ChangesCursor = Static<typeof ChangesCursor>;

/** Position that a cursor holds, the smallest for one of no event. */
export const positionOfCursor = (cursor: string): string => cursor.slice(cursor.indexOf('-') + 1);

/** Why nothing can be told of what has changed since a cursor, so that its owner has to read everything anew. */
export type ChangesReset =
  /** It is of another event store, or of a state of this one that was lost. */
  | 'unknown_cursor'
  /** More has changed than is told one by one. */
  | 'too_many_changes';

/** What has changed since a cursor, each resource once, in the order of the newest changes. */
export interface ChangesView {
  /** To go on from. All changes up to it are told here or were told before. */
  cursor: string;
  /** Null where `changes` say everything. */
  reset: ChangesReset | null;
  changes: Change[];
  /** There are more right now. */
  more: boolean;
}
