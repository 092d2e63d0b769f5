import type { EventRecord } from './event-record.ts';
import type { LogStore } from './log-store.ts';
import { oldestReadableRevision } from './readable.ts';
import { isTombstoned } from './write-operations.ts';

/** An event as read, and what it points to if it is a link that was to be resolved. */
export interface ResolvedEvent {
  readonly original: EventRecord;
  readonly target?: EventRecord | 'missing';
}

const LINK_TYPE = '$>';
/** A number as .NET parses it: a sign and surrounding spaces are allowed. */
const LINK_DATA = /^\s*([+-]?\d+)\s*@(.*)$/s;
const MAX_INT64 = 9_223_372_036_854_775_807n;

/** Follows a link one level; text that is no link stays as it is. */
export function resolveLink(log: LogStore, original: EventRecord): ResolvedEvent {
  if (original.type !== LINK_TYPE) return { original };
  const [, number, stream] = LINK_DATA.exec(Buffer.from(original.data).toString('utf8')) ?? [];
  if (number === undefined || stream === undefined) return { original };
  const revision = BigInt(number.replace('+', ''));
  if (revision > MAX_INT64 || revision < -MAX_INT64 - 1n) return { original };
  return { original, target: readTarget(log, stream, Number(revision)) ?? 'missing' };
}

/** Revision -1 stands for the newest event. */
function readTarget(log: LogStore, stream: string, number: number): EventRecord | undefined {
  const row = log.stream(stream);
  if (row === undefined || isTombstoned(log, stream, row)) return undefined;
  const revision = number === -1 ? row.lastRevision : number;
  if (revision > row.lastRevision || revision < oldestReadableRevision(log, row, Date.now()))
    return undefined;
  return log.eventAt(row.id, revision);
}
