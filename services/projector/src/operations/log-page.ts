import type { LogEntry } from '@alfa-cloud/contracts';
import { json, type Json } from '../answering/json.ts';
import { formatCursor, type LogCursor } from './log-cursor.ts';

/** Lines of one event as they are stored. */
export interface StoredLines {
  revision: number;
  at: string;
  step: string | null;
  level: LogEntry['level'];
  messages: string[];
}

/** Lines on a page at most. */
export const pageLinesMax = 500;
/** Bytes of a page's entries as JSON at most; a single line may be longer and then stands alone. */
export const pageBytesMax = 256 * 1024;

/**
 * One page out of stored lines.
 * @param stored lines from the cursor's event on, in their order; read lazily, only as far as the page reaches
 * @returns the entries as JSON, the last one's cursor (null when there is none), and whether there are more
 */
export const logPage = (
  stored: Iterable<StoredLines>,
  after: LogCursor | null,
): { entries: Json<LogEntry>[]; cursor: string | null; more: boolean } => {
  const entries: Json<LogEntry>[] = [];
  let cursor: string | null = null;
  let bytes = 0;
  for (const entry of entriesOf(stored, after)) {
    const text = json(entry);
    bytes += Buffer.byteLength(text) + 1;
    if (entries.length === pageLinesMax || (entries.length > 0 && bytes > pageBytesMax)) {
      return { entries, cursor, more: true };
    }
    entries.push(text);
    cursor = entry.cursor;
  }
  return { entries, cursor, more: false };
};

function* entriesOf(stored: Iterable<StoredLines>, after: LogCursor | null): Generator<LogEntry> {
  for (const { revision, at, step, level, messages } of stored) {
    const first = after?.revision === revision ? after.line + 1 : 0;
    for (const [line, message] of messages.entries()) {
      if (line >= first) yield { cursor: formatCursor({ revision, line }), at, step, level, message };
    }
  }
}
