/** One event as it stands in the log. */
export interface EventRecord {
  /** Place in the log of all events, from 1. */
  readonly position: number;
  readonly streamId: number;
  readonly stream: string;
  /** Place in its stream, from 0; {@link TOMBSTONE_REVISION} for a tombstone. */
  readonly revision: number;
  readonly createdMs: number;
  readonly json: boolean;
  /** The 16 bytes of the UUID. */
  readonly id: Uint8Array;
  readonly type: string;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

/** An event that a client wants to write. */
export interface ProposedEvent extends Pick<EventRecord, 'type' | 'json' | 'metadata' | 'data'> {
  /** Lower-case UUID with dashes. */
  readonly id: string;
}

/** Stands for 2^63-1, the revision of a tombstone, which a number can not hold exactly. */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

export const TOMBSTONE_TYPE = '$streamDeleted';

/** Approximate memory that an event takes in buffers, overhead included. */
export const bytesOf = (event: Pick<EventRecord, 'type' | 'metadata' | 'data'>): number =>
  event.data.length + event.metadata.length + event.type.length + 64;
