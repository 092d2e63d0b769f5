import type { AlfaEvent, EventMetadata } from '@alfa-cloud/contracts';

/** An event about to be written. The id is derived from its cause, so writing it again is recognised. */
export interface NewEvent<Event extends AlfaEvent = AlfaEvent> {
  id: string;
  event: Event;
}

/** A stored event, upcast to the newest version of its schema. */
export type RecordedEvent<Event extends AlfaEvent = AlfaEvent> = Event & {
  id: string;
  stream: string;
  revision: bigint;
  /** Commit position in the order of all events. */
  position: bigint;
  metadata: EventMetadata;
};

/** Everything of the metadata that the writer knows; the schema version is added. */
export type Cause = Omit<EventMetadata, 'schemaVersion' | 'at'>;

export interface AppendResult {
  /** Revision of the last event of the stream after the append. */
  revision: bigint;
  /** Commit position of the last event written. */
  position: bigint;
}

/** The stream was not at the revision that the writer expected: somebody else wrote first. */
export class WrongRevision extends Error {
  override name = 'WrongRevision';
  readonly stream: string;
  constructor(stream: string) {
    super(`Stream ${stream} has moved on`);
    this.stream = stream;
  }
}

/** The event store did not answer in time, retries included. Nothing is known of the append; repeating it is harmless. */
export class EventStoreUnavailable extends Error {
  override name = 'EventStoreUnavailable';
}

/** What the services need of EventStoreDB. */
export interface EventStore {
  /**
   * All events of a stream, oldest first, from a revision on. `revision` is that of the last one; null when there is none.
   * Retries for `patienceMs`.
   * @throws EventStoreUnavailable · UnknownEvent when the stream holds an event that this version can't read: folding it would be a guess
   */
  read<Event extends AlfaEvent = AlfaEvent>(
    stream: string,
    options?: { fromRevision?: bigint },
  ): Promise<{ events: RecordedEvent<Event>[]; revision: bigint | null }>;

  /**
   * Writes the events, all or none, durably. Retries a connection that broke (same ids, same revision: harmless) for `patienceMs`.
   * @param expectedRevision revision that the stream must have; `no_stream` when it must not exist
   * @throws WrongRevision when it has another one and these events are not what made it so
   * @throws EventStoreUnavailable
   */
  append(
    stream: string,
    events: readonly NewEvent[],
    options: { expectedRevision: bigint | 'no_stream'; cause: Cause },
  ): Promise<AppendResult>;
}
