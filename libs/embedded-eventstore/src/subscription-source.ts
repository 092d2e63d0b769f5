import type { CommitFeed } from './commit-feed.ts';
import { streamDeleted } from './errors.ts';
import type { EventRecord } from './event-record.ts';
import { TOMBSTONE_REVISION } from './event-record.ts';
import { createHeadFilter } from './filter.ts';
import type { LogStore } from './log-store.ts';
import { PAGE, SCAN_HEADS } from './read.ts';
import type { ReadRequest } from './read-request.ts';
import { oldestReadableRevision } from './readable.ts';
import { isTombstoned } from './write-operations.ts';

/** One event that a subscription has looked at; without `load` it is not for the subscriber. */
export interface Considered {
  /** Place of the event in the source: everything up to and including it has been looked at. */
  readonly at: number;
  readonly load?: () => EventRecord;
}

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
   * Reads on after a place. While catching up, truncated events are left out; once live, everything is for the subscriber, even
   * what a metadata limit has overtaken since.
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
  return {
    start: from === 'start' ? -1 : from === 'end' ? (row?.lastRevision ?? -1) : from,
    readAfter(place, live) {
      const row = log.stream(stream);
      if (row === undefined) {
        if (isTombstoned(log, stream, row)) throw streamDeleted(stream);
        return { items: [], end: place, more: false };
      }
      const truncated = live ? 0 : oldestReadableRevision(log, row, Date.now());
      const from = Math.max(place + 1, truncated);
      const events = log.streamForward(row.id, from, TOMBSTONE_REVISION, PAGE);
      const last = events.at(-1);
      // The tombstone itself was the last thing to deliver.
      if (last === undefined && isTombstoned(log, stream, row)) throw streamDeleted(stream);
      return {
        items: events.map((event) => ({ at: event.revision, load: () => event })),
        end: last?.revision ?? Math.max(place, row.lastRevision),
        more: last !== undefined && last.revision < row.lastRevision,
      };
    },
    changed: (signal) => feed.nextCommitTo(stream, signal),
  };
}

export function allSource(log: LogStore, feed: CommitFeed, request: AllRequest): SubscriptionSource {
  const { from, filter } = request;
  const passes = createHeadFilter(log, filter);
  return {
    start: from === 'start' ? 0 : from === 'end' ? log.head : from,
    readAfter(place) {
      const heads = log.headsForward(place + 1, log.head, SCAN_HEADS);
      return {
        items: heads.map((head) =>
          passes(head)
            ? { at: head.position, load: () => log.eventAtPosition(head.position) }
            : { at: head.position },
        ),
        end: heads.at(-1)?.position ?? place,
        more: heads.length === SCAN_HEADS,
      };
    },
    changed: (signal) => feed.nextCommit(signal),
  };
}
