import { allPages } from './all-pages.ts';
import { streamDeleted, unknownError } from './errors.ts';
import { encodeEvent } from './event-encoding.ts';
import type { EventRecord } from './event-record.ts';
import { resolveLink } from './link.ts';
import type { LogStore } from './log-store.ts';
import { streamNotFoundMessage } from './read-messages.ts';
import { PAGE } from './read-page.ts';
import type { ReadFrom, ReadRequest } from './read-request.ts';
import { oldestReadableRevision } from './readable.ts';
import type { ResponseStream } from './response-stream.ts';
import { isMetastream } from './stream-metadata.ts';
import { isTombstoned } from './write-operations.ts';

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
  // What is said about a metadata stream does not hide it.
  const isHidden = row?.limits.softDeleted === true && !isMetastream(stream);
  if (row === undefined || row.lastRevision < 0 || isHidden) {
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
      ? log.pages.streamBackward(row.id, next, oldest, size)
      : log.pages.streamForward(row.id, next, newest, size);
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
  const { from, backwards, filter } = request;
  const head = log.head;
  if (backwards && typeof from === 'number' && from > head + 1) {
    throw unknownError('Unexpected ReadAllResult: Error');
  }
  const pages = allPages(log, filter);
  let next = allStart(from, head, backwards);
  let left = request.count;
  while (left > 0 && next >= 1 && next <= head) {
    const considered = backwards ? pages.backward(next) : pages.forward(next, head);
    const last = considered.at(-1);
    if (last === undefined) return;
    const wanted = considered.flatMap(({ event }) => event ?? []).slice(0, left);
    await sendEvents(log, request, responses, wanted);
    left -= wanted.length;
    next = last.at + (backwards ? -1 : 1);
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
    const event = resolveLinks ? resolveLink(log, original) : { original };
    const full = responses.send(encodeEvent(event, uuidForm));
    if (full !== undefined) await full;
  }
}
