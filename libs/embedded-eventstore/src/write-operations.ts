import { randomUUID } from 'node:crypto';
import type { StreamHistory, StreamState } from './append.ts';
import { decideAppend } from './append.ts';
import type { ProposedEvent } from './event-record.ts';
import { TOMBSTONE_REVISION } from './event-record.ts';
import type { LogStore, StreamRow } from './log-store.ts';
import {
  DELETED_METADATA,
  NO_LIMITS,
  isMetastream,
  metastreamOf,
  originalOf,
  parseLimits,
  withTruncateBefore,
} from './stream-metadata.ts';

export type WriteResult =
  | { readonly kind: 'written'; readonly revision: number; readonly position: number }
  | { readonly kind: 'wrongExpectedVersion'; readonly revision: number }
  | { readonly kind: 'streamDeleted' };

const NO_BYTES = new Uint8Array();
const NO_STREAM_STATE: StreamState = {
  lastRevision: -1,
  tombstoned: false,
  softDeleted: false,
  hasMetadata: false,
};
const DELETED: WriteResult = { kind: 'streamDeleted' };

/** A metadata stream shares the fate of the stream it describes. */
export const isTombstoned = (log: LogStore, name: string, row: StreamRow | undefined): boolean =>
  row?.tombstoned === true || (isMetastream(name) && log.stream(originalOf(name))?.tombstoned === true);

const stateOf = (log: LogStore, name: string, row: StreamRow | undefined): StreamState =>
  row === undefined
    ? { ...NO_STREAM_STATE, tombstoned: isTombstoned(log, name, row) }
    : {
        lastRevision: row.lastRevision,
        tombstoned: isTombstoned(log, name, row),
        softDeleted: row.limits.softDeleted,
        hasMetadata: row.hasMetadata,
      };

const historyOf = (log: LogStore, row: StreamRow | undefined): StreamHistory => ({
  revisionOf: (id) => (row === undefined ? undefined : log.revisionOf(row.id, id)),
  idAt: (revision) => (row === undefined ? undefined : log.idAt(row.id, revision)),
});

/** Appends events if the expected revision allows it. Call it inside a transaction. */
export function append(
  log: LogStore,
  stream: string,
  expected: number,
  events: readonly ProposedEvent[],
): WriteResult {
  const row = log.stream(stream);
  const lastRevision = row?.lastRevision ?? -1;
  const decision = decideAppend(
    stateOf(log, stream, row),
    historyOf(log, row),
    expected,
    events.map((event) => event.id),
  );
  switch (decision.kind) {
    case 'streamDeleted':
      return DELETED;
    case 'wrongExpectedVersion':
      return { kind: 'wrongExpectedVersion', revision: lastRevision };
    case 'alreadyWritten': {
      const position = row === undefined ? 0 : log.positionAt(row.id, decision.revision);
      return { kind: 'written', revision: decision.revision, position };
    }
    case 'write':
      if (events.length === 0) return { kind: 'written', revision: lastRevision, position: log.head };
      return writeEvents(log, stream, row, events);
    default:
      return decision satisfies never;
  }
}

function writeEvents(
  log: LogStore,
  stream: string,
  row: StreamRow | undefined,
  events: readonly ProposedEvent[],
): WriteResult {
  const before = row?.lastRevision ?? -1;
  const { revision, position } = addEvents(log, stream, events);
  const newest = events.at(-1);
  if (row?.limits.softDeleted === true) {
    reviveWith(log, stream, newestMetadata(log, stream), before + 1);
  }
  if (isMetastream(stream) && newest !== undefined) {
    const original = log.stream(originalOf(stream));
    const wasDeleted = original?.limits.softDeleted === true;
    applyMetadata(log, stream, newest);
    if (wasDeleted) {
      reviveWith(log, originalOf(stream), textOf(newest), original.lastRevision + 1);
    }
  }
  return { kind: 'written', revision, position };
}

function addEvents(
  log: LogStore,
  stream: string,
  events: readonly ProposedEvent[],
): { revision: number; position: number } {
  const row = log.stream(stream);
  const streamId = row?.id ?? log.ensureStream(stream);
  let revision = row?.lastRevision ?? -1;
  let position = 0;
  for (const event of events) {
    revision += 1;
    position = log.addEvent(streamId, revision, event);
  }
  log.setLastRevision(streamId, revision);
  return { revision, position };
}

const textOf = (event: Pick<ProposedEvent, 'data'>): string => Buffer.from(event.data).toString('utf8');

/** Copies what the newest event of a metadata stream says into the row of the stream it describes. */
function applyMetadata(log: LogStore, metastream: string, event: ProposedEvent): void {
  log.setLimits(
    log.ensureStream(originalOf(metastream)),
    event.json ? parseLimits(textOf(event)) : NO_LIMITS,
  );
}

function newestMetadata(log: LogStore, stream: string): string {
  const metastream = log.stream(metastreamOf(stream));
  const event = metastream && log.eventAt(metastream.id, metastream.lastRevision);
  return event === undefined ? '{}' : textOf(event);
}

/** Makes a deleted stream readable again from that revision on. */
function reviveWith(log: LogStore, stream: string, metadata: string, truncateBefore: number): void {
  const revived = withTruncateBefore(metadata, truncateBefore);
  if (revived !== undefined) writeMetadata(log, stream, revived);
}

function writeMetadata(log: LogStore, stream: string, json: string): number {
  const metastream = metastreamOf(stream);
  const event = {
    id: randomUUID(),
    type: '$metadata',
    json: true,
    metadata: NO_BYTES,
    data: Buffer.from(json),
  };
  const { position } = addEvents(log, metastream, [event]);
  applyMetadata(log, metastream, event);
  return position;
}

/** Deletes a stream until someone writes to it again: its events stay in the log and in $all. Call it inside a transaction. */
export function softDelete(log: LogStore, stream: string, expected: number): WriteResult {
  const refused = checkDelete(log, stream, expected);
  if (refused !== undefined) return refused;
  const row = log.stream(stream);
  if (row === undefined || (row.lastRevision < 0 && !row.hasMetadata)) {
    return { kind: 'wrongExpectedVersion', revision: -1 };
  }
  return {
    kind: 'written',
    revision: row.lastRevision,
    position: writeMetadata(log, stream, DELETED_METADATA),
  };
}

/** Ends a stream for good by a last event; a stream that never existed can be ended too. Call it inside a transaction. */
export function tombstone(log: LogStore, stream: string, expected: number): WriteResult {
  const refused = checkDelete(log, stream, expected);
  if (refused !== undefined) return refused;
  const streamId = log.ensureStream(stream);
  const position = log.addEvent(streamId, TOMBSTONE_REVISION, {
    id: randomUUID(),
    type: '$streamDeleted',
    json: false,
    metadata: NO_BYTES,
    data: NO_BYTES,
  });
  log.setTombstoned(streamId);
  return { kind: 'written', revision: TOMBSTONE_REVISION, position };
}

/** Deletes follow the rules of an append of one event that nobody has seen yet. */
function checkDelete(log: LogStore, stream: string, expected: number): WriteResult | undefined {
  const row = log.stream(stream);
  const decision = decideAppend(stateOf(log, stream, row), historyOf(log, row), expected, [randomUUID()]);
  switch (decision.kind) {
    case 'write':
      return undefined;
    case 'streamDeleted':
      return DELETED;
    case 'alreadyWritten':
    case 'wrongExpectedVersion':
      return { kind: 'wrongExpectedVersion', revision: row?.lastRevision ?? -1 };
    default:
      return decision satisfies never;
  }
}
