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
const LINK_DATA = /^(\d+)@(.+)$/s;

/** Follows a link one level; text that is no link stays as it is. */
export function resolveLink(log: LogStore, original: EventRecord): ResolvedEvent {
  if (original.type !== LINK_TYPE) return { original };
  const [, revision, stream] = LINK_DATA.exec(Buffer.from(original.data).toString('utf8')) ?? [];
  if (revision === undefined || stream === undefined) return { original };
  return { original, target: readTarget(log, stream, Number(revision)) ?? 'missing' };
}

function readTarget(log: LogStore, stream: string, revision: number): EventRecord | undefined {
  const row = log.stream(stream);
  if (row === undefined || isTombstoned(log, stream, row)) return undefined;
  if (revision > row.lastRevision || revision < oldestReadableRevision(log, row, Date.now()))
    return undefined;
  return log.eventAt(row.id, revision);
}
