import type { CommitFeed } from './commit-feed.ts';
import { streamDeleted } from './errors.ts';
import type { Considered } from './all-pages.ts';
import { allPages } from './all-pages.ts';
import type { EventRecord } from './event-record.ts';
import { TOMBSTONE_REVISION, TOMBSTONE_TYPE } from './event-record.ts';
import type { LogStore } from './log-store.ts';
import { PAGE } from './read-page.ts';
import type { ReadRequest } from './read-request.ts';
import { oldestReadableRevision } from './readable.ts';
import { isTombstoned } from './write-operations.ts';

export interface SourcePage {
  readonly items: readonly Considered[];
  /** Place to read on from after this page. */
  readonly end: number;
  /** True when there may be more behind the page already. */
  readonly more: boolean;
}

/** What a subscription reads: one stream or the whole log. */
export interface SubscriptionSource {
  /** The place after which the subscription starts. */
  readonly start: number;
  /**
   * Reads on after a place. While catching up, truncated events are left out; a live subscription gets every event, even one that a limit
   * set later would hide.
   */
  readAfter(place: number, live: boolean): SourcePage;
  /** Resolves when there may be something new. */
  changed(signal: AbortSignal): Promise<void>;
}

type StreamRequest = Extract<ReadRequest, { kind: 'subscribeToStream' }>;
type AllRequest = Extract<ReadRequest, { kind: 'subscribeToAll' }>;

/** @throws StatusError when the stream is gone for good */
export function streamSource(
  log: LogStore,
  feed: CommitFeed,
  { stream, from }: StreamRequest,
): SubscriptionSource {
  const row = log.stream(stream);
  if (isTombstoned(log, stream, row)) throw streamDeleted(stream);
  let ended = false;
  return {
    start: from === 'start' ? -1 : from === 'end' ? (row?.lastRevision ?? -1) : from,
    readAfter(place, live) {
      if (ended) throw streamDeleted(stream);
      const row = log.stream(stream);
      if (row === undefined) {
        if (isTombstoned(log, stream, row)) throw streamDeleted(stream);
        return { items: [], end: place, more: false };
      }
      const truncated = live ? 0 : oldestReadableRevision(log, row, Date.now());
      const from = Math.max(place + 1, truncated);
      // Behind the last revision there may be the events of a long append that has not ended.
      const to = row.tombstoned ? TOMBSTONE_REVISION : row.lastRevision;
      const events = upToTombstone(log.pages.streamForward(row.id, from, to, PAGE));
      const last = events.at(-1);
      ended = last?.type === TOMBSTONE_TYPE;
      if (last === undefined && isTombstoned(log, stream, row)) throw streamDeleted(stream);
      return {
        items: events.map((event) => ({ at: event.revision, event })),
        end: last?.revision ?? Math.max(place, row.lastRevision),
        more: ended || (last !== undefined && last.revision < row.lastRevision),
      };
    },
    changed: (signal) => feed.nextCommitTo(stream, signal),
  };
}

/** The type alone makes a tombstone here, as on a real server: an event of a user's that has it ends subscriptions to its stream, too. */
function upToTombstone(events: EventRecord[]): EventRecord[] {
  const index = events.findIndex(({ type }) => type === TOMBSTONE_TYPE);
  return index < 0 ? events : events.slice(0, index + 1);
}

export function allSource(log: LogStore, feed: CommitFeed, request: AllRequest): SubscriptionSource {
  const { from, filter } = request;
  const pages = allPages(log, filter);
  return {
    start: from === 'start' ? 0 : from === 'end' ? log.head : from,
    readAfter(place) {
      const items = pages.forward(place + 1, log.head);
      const end = items.at(-1)?.at ?? place;
      return { items, end, more: end < log.head };
    },
    changed: (signal) => feed.nextCommit(signal),
  };
}
