import { randomUUID } from 'node:crypto';
import type { StreamHistory, StreamState } from './append.ts';
import { decideAppend } from './append.ts';
import type { ProposedEvent } from './event-record.ts';
import { TOMBSTONE_REVISION, TOMBSTONE_TYPE } from './event-record.ts';
import type { LogStore, StreamRow } from './log-store.ts';
import type { Proposal } from './proposal.ts';
import { proposalOf } from './proposal.ts';
import { oldestReadableRevision } from './readable.ts';
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
  | { readonly kind: 'written'; readonly revision: number; readonly position: number | undefined }
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

/** How many prefixes `$$` are followed to the stream that a name describes. */
const METASTREAM_DEPTH = 3;

/** A metadata stream shares the fate of the stream it describes. */
export function isTombstoned(log: LogStore, name: string, row: StreamRow | undefined): boolean {
  if (row?.tombstoned === true) return true;
  let described = name;
  for (let depth = 0; depth < METASTREAM_DEPTH && isMetastream(described); depth += 1) {
    described = originalOf(described);
    if (log.stream(described)?.tombstoned === true) return true;
  }
  return false;
}

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
  idsFrom: (revision) => (row === undefined ? [].values() : log.idsFrom(row.id, revision)),
});

/**
 * Appends events if the expected revision allows it. An append of no events writes none, but revives a deleted stream. Call it inside a transaction.
 * The result has no `position` when the events were written before and can no longer be read.
 */
export const append = (log: LogStore, stream: string, expected: number, proposal: Proposal): WriteResult =>
  decideOn(log, stream, expected, proposal.ids) ?? writeEvents(log, stream, proposal);

/** The result of an append that writes nothing, undefined when its events are to be written. */
export function decideOn(
  log: LogStore,
  stream: string,
  expected: number,
  ids: readonly string[],
): WriteResult | undefined {
  const row = log.stream(stream);
  const decision = decideAppend(stateOf(log, stream, row), historyOf(log, row), expected, ids);
  switch (decision.kind) {
    case 'streamDeleted':
      return DELETED;
    case 'wrongExpectedVersion':
      return { kind: 'wrongExpectedVersion', revision: row?.lastRevision ?? -1 };
    case 'alreadyWritten':
      return alreadyWritten(log, row, decision.revision);
    case 'write':
      return undefined;
    default:
      return decision satisfies never;
  }
}

function alreadyWritten(log: LogStore, row: StreamRow | undefined, revision: number): WriteResult {
  const isReadable =
    row !== undefined && !row.limits.softDeleted && revision >= oldestReadableRevision(log, row, Date.now());
  return { kind: 'written', revision, position: isReadable ? log.positionAt(row.id, revision) : undefined };
}

/** Writes events that {@link decideOn} lets pass, and what follows from them for the metadata. Call it inside a transaction. */
export function writeEvents(log: LogStore, stream: string, proposal: Proposal): WriteResult {
  const row = log.stream(stream);
  const before = row?.lastRevision ?? -1;
  const { newest } = proposal;
  const written =
    newest === undefined ? { revision: before, position: log.head } : addEvents(log, stream, proposal);
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
  return { kind: 'written', ...written };
}

function addEvents(
  log: LogStore,
  stream: string,
  proposal: Proposal,
): { revision: number; position: number } {
  const row = log.stream(stream);
  const streamId = row?.id ?? log.ensureStream(stream);
  const before = row?.lastRevision ?? -1;
  const position = proposal.write(log, streamId, before + 1);
  const revision = before + proposal.ids.length;
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
  const { position } = addEvents(log, metastream, proposalOf([event]));
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
  const position = writeMetadata(log, stream, DELETED_METADATA);
  dropLimits(log, stream);
  return { kind: 'written', revision: row.lastRevision, position };
}

/** Writes the tombstone that ends a stream for good, also one that never existed. Call it inside a transaction. */
export function tombstone(log: LogStore, stream: string, expected: number): WriteResult {
  const refused = checkDelete(log, stream, expected);
  if (refused !== undefined) return refused;
  const streamId = log.ensureStream(stream);
  const position = log.addEvent(streamId, TOMBSTONE_REVISION, {
    id: randomUUID(),
    type: TOMBSTONE_TYPE,
    json: false,
    metadata: NO_BYTES,
    data: NO_BYTES,
  });
  log.setTombstoned(streamId);
  dropLimits(log, stream);
  return { kind: 'written', revision: TOMBSTONE_REVISION, position };
}

/** The deletion of a metadata stream lifts the limits that it has set. */
function dropLimits(log: LogStore, stream: string): void {
  const described = isMetastream(stream) ? log.stream(originalOf(stream)) : undefined;
  if (described !== undefined) log.setLimits(described.id, NO_LIMITS);
}

/** A deletion is checked like an append of one event with a new id. */
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
