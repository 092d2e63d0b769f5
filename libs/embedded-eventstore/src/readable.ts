import type { LogStore, StreamRow } from './log-store.ts';
import { METASTREAM_LIMITS, isMetastream } from './stream-metadata.ts';

/** Oldest revision of a stream that its metadata lets anyone read; beyond the last one when none is left. */
export function oldestReadableRevision(log: LogStore, row: StreamRow, nowMs: number): number {
  const { maxCount, maxAgeSeconds, truncateBefore } = isMetastream(row.name) ? METASTREAM_LIMITS : row.limits;
  const oldest = Math.max(
    0,
    maxCount === undefined ? 0 : row.lastRevision - maxCount + 1,
    truncateBefore ?? 0,
  );
  if (maxAgeSeconds === undefined) return oldest;
  return firstCreatedSince(log, row, oldest, nowMs - maxAgeSeconds * 1000);
}

/** Times never decrease along a stream, so the place where it becomes young enough can be searched for. */
function firstCreatedSince(log: LogStore, row: StreamRow, oldest: number, sinceMs: number): number {
  let low = oldest;
  let high = row.lastRevision + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (log.createdMsAt(row.id, middle) >= sinceMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
