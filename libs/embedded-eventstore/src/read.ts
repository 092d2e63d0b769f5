import { streamDeleted } from './errors.ts';
import type { EventRecord } from './event-record.ts';
import { createHeadFilter } from './filter.ts';
import type { ResolvedEvent } from './link.ts';
import { resolveLink } from './link.ts';
import type { LogStore, PageSize } from './log-store.ts';
import { eventMessage, streamNotFoundMessage } from './read-messages.ts';
import type { ReadFrom, ReadRequest } from './read-request.ts';
import { oldestReadableRevision } from './readable.ts';
import type { ResponseStream } from './response-stream.ts';
import { isTombstoned } from './write-operations.ts';

/** Work between two turns of the event loop. */
export const PAGE: PageSize = { events: 256, bytes: 1024 * 1024 };
/** Heads looked at between two turns when most may be filtered away. */
export const SCAN_HEADS = 2048;

type ReadStream = Extract<ReadRequest, { kind: 'readStream' }>;
type ReadAll = Extract<ReadRequest, { kind: 'readAll' }>;

/** Reads a stream up to the event that was its newest when the read began. */
export async function readStream(
  log: LogStore,
  request: ReadStream,
  responses: ResponseStream,
): Promise<void> {
  const { stream, from, backwards } = request;
  const row = log.stream(stream);
  if (isTombstoned(log, stream, row)) throw streamDeleted(stream);
  if (row === undefined || row.lastRevision < 0 || row.limits.softDeleted) {
    await responses.send(streamNotFoundMessage(stream));
    return;
  }
  const oldest = oldestReadableRevision(log, row, Date.now());
  const newest = row.lastRevision;
  let next = clampStart(from, oldest, newest, backwards);
  let left = request.count;
  while (left > 0 && next >= oldest && next <= newest) {
    const size = { ...PAGE, events: Math.min(PAGE.events, left) };
    const events = backwards
      ? log.streamBackward(row.id, next, oldest, size)
      : log.streamForward(row.id, next, newest, size);
    await sendEvents(log, request, responses, events);
    const last = events.at(-1);
    if (last === undefined) return;
    left -= events.length;
    next = last.revision + (backwards ? -1 : 1);
    await responses.pause();
  }
}

function clampStart(from: ReadFrom, oldest: number, newest: number, backwards: boolean): number {
  if (from === 'start') return backwards ? 0 : oldest;
  if (from === 'end') return newest;
  return backwards ? Math.min(from, newest) : Math.max(from, oldest);
}

/** Reads the log up to the event that was its newest when the read began. */
export async function readAll(log: LogStore, request: ReadAll, responses: ResponseStream): Promise<void> {
  const { from, backwards } = request;
  const head = log.head;
  const passes = createHeadFilter(log, request.filter);
  let next = allStart(from, head, backwards);
  let left = request.count;
  while (left > 0 && next >= 1 && next <= head) {
    const heads = backwards
      ? log.headsBackward(next, 1, SCAN_HEADS)
      : log.headsForward(next, head, SCAN_HEADS);
    const last = heads.at(-1);
    if (last === undefined) return;
    const wanted = heads.filter(passes).slice(0, left);
    for (const [index, { position }] of wanted.entries()) {
      await sendEvents(log, request, responses, [log.eventAtPosition(position)]);
      if (index % PAGE.events === 0) await responses.pause();
    }
    left -= wanted.length;
    next = last.position + (backwards ? -1 : 1);
    await responses.pause();
  }
}

function allStart(from: ReadFrom, head: number, backwards: boolean): number {
  if (from === 'start') return backwards ? 0 : 1;
  if (from === 'end') return backwards ? head : head + 1;
  // Backwards a position is where the reader already is.
  return backwards ? Math.min(from - 1, head) : Math.max(from, 1);
}

async function sendEvents(
  log: LogStore,
  { resolveLinks, uuidForm }: ReadStream | ReadAll,
  responses: ResponseStream,
  events: readonly EventRecord[],
): Promise<void> {
  for (const original of events) {
    const event: ResolvedEvent = resolveLinks ? resolveLink(log, original) : { original };
    await responses.send(eventMessage(event, uuidForm));
  }
}
