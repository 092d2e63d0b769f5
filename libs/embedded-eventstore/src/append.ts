/**
 * The decision at the heart of the store: may these events be written to this stream, have they been written before, or does the
 * expected revision forbid it? It is pure, so that every case can be read and tested without a database.
 */

/** Stands for "the stream has no events" in an expected revision. */
export const NO_STREAM = -1;
/** Stands for "write in any case" in an expected revision. */
export const ANY = -2;
/** Stands for "the stream has events or metadata and is not deleted" in an expected revision. */
export const STREAM_EXISTS = -4;

/** What the decision has to know about the stream itself. */
export interface StreamState {
  /** Revision of the newest event, -1 when there is none. A tombstone does not count. */
  readonly lastRevision: number;
  /** True when the stream, or the stream whose metadata it holds, is gone for good. */
  readonly tombstoned: boolean;
  /** True when the stream's metadata says that all its events are truncated. */
  readonly softDeleted: boolean;
  /** True when its metadata stream has events. */
  readonly hasMetadata: boolean;
}

/** What the decision may ask about the events already in the stream. */
export interface StreamHistory {
  /** Revision of the first event with that id, or undefined. */
  revisionOf(eventId: string): number | undefined;
  /** The ids of the events from that revision on. */
  idsFrom(revision: number): Iterator<string, undefined>;
}

export type AppendDecision =
  | { readonly kind: 'write' }
  | { readonly kind: 'alreadyWritten'; readonly revision: number }
  | { readonly kind: 'wrongExpectedVersion' }
  | { readonly kind: 'streamDeleted' };

const WRITE: AppendDecision = { kind: 'write' };
const WRONG: AppendDecision = { kind: 'wrongExpectedVersion' };
const DELETED: AppendDecision = { kind: 'streamDeleted' };

/**
 * Decides on an append of events with these ids.
 * @param expected a revision, {@link NO_STREAM}, {@link ANY} or {@link STREAM_EXISTS}
 */
export function decideAppend(
  state: StreamState,
  history: StreamHistory,
  expected: number,
  eventIds: readonly string[],
): AppendDecision {
  if (state.tombstoned) return DELETED;
  if (expected === STREAM_EXISTS) {
    if (state.softDeleted) return DELETED;
    if (state.lastRevision < 0 && !state.hasMetadata) return WRONG;
  }
  if (expected === ANY || expected === STREAM_EXISTS) return decideById(history, eventIds);
  if (expected < state.lastRevision) return decideByRevision(state, history, expected, eventIds);
  return expected === state.lastRevision ? WRITE : WRONG;
}

/** Without a revision only the ids can tell a retry from a new write. */
function decideById(history: StreamHistory, eventIds: readonly string[]): AppendDecision {
  let revision: number | undefined;
  for (const [index, id] of eventIds.entries()) {
    const known = history.revisionOf(id);
    if (known === undefined) return index === 0 ? WRITE : WRONG;
    revision = known;
  }
  return revision === undefined ? WRITE : { kind: 'alreadyWritten', revision };
}

/** The stream is past the expected revision: a retry if the events after that revision are exactly those proposed. */
function decideByRevision(
  state: StreamState,
  history: StreamHistory,
  expected: number,
  eventIds: readonly string[],
): AppendDecision {
  if (eventIds.length === 0) return WRONG;
  const written = history.idsFrom(expected + 1);
  for (const [index, id] of eventIds.entries()) {
    if (written.next().value === id) continue;
    return index === 0 && expected === NO_STREAM && state.softDeleted ? WRITE : WRONG;
  }
  return { kind: 'alreadyWritten', revision: expected + eventIds.length };
}
