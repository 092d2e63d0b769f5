import type { ProposedEvent } from './event-record.ts';
import { bytesOf } from './event-record.ts';
import type { WriteInTurn } from './group-commit.ts';
import type { LogStore } from './log-store.ts';
import type { WriteResult } from './write-operations.ts';
import { decideOn, writeEvents } from './write-operations.ts';

/** Most events that are written in one transaction; more of them would keep others waiting. */
export const LONG_APPEND_EVENTS = 1000;

/**
 * Writes a long append bit by bit, each in a transaction that it shares with what others write meanwhile, to positions above the log. The
 * last transaction moves the end of the log behind them: before it nobody sees any of the events, after it everybody sees all of them.
 * No other write to the stream may be carried out meanwhile, and no second long append.
 */
export async function appendLong(
  log: LogStore,
  write: WriteInTurn,
  { stream, expected, events }: { stream: string; expected: number; events: readonly ProposedEvent[] },
): Promise<WriteResult> {
  const ids = events.map(({ id }) => id);
  const begun = await write(0, () => {
    const decided = decideOn(log, stream, expected, ids);
    if (decided !== undefined) return decided;
    log.reserve(events.length);
    const streamId = log.ensureStream(stream);
    return { kind: 'begun' as const, streamId, revision: (log.stream(stream)?.lastRevision ?? -1) + 1 };
  });
  if (begun.kind !== 'begun') return begun;
  try {
    for (let from = 0; from < events.length; from += LONG_APPEND_EVENTS) {
      const slice = events.slice(from, from + LONG_APPEND_EVENTS);
      const bytes = slice.reduce((sum, event) => sum + bytesOf(event), 0);
      await write(bytes, () => log.addReserved(begun.streamId, begun.revision, from, slice));
    }
    return await write(0, () =>
      writeEvents(log, stream, { ids, newest: events.at(-1), write: (to) => to.publish() }),
    );
  } catch (error) {
    log.abandon();
    throw error;
  }
}
