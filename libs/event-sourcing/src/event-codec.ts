import {
  currentSchemaVersion,
  eventCatalogue,
  faultsOf,
  upcast,
  type EventMetadata,
  type EventType,
} from '@alfa-cloud/contracts';
import type { Clock } from '@alfa-cloud/service-kit';
import type { Cause, NewEvent, RecordedEvent } from './event-store.ts';

/** An event as the protocol carries it, in either direction. */
export interface StoredEvent {
  id: string;
  type: string;
  data: unknown;
  metadata?: unknown;
}

/** The type of the event is unknown to this version, or another application wrote it. */
export class UnknownEvent extends Error {
  override name = 'UnknownEvent';
  readonly type: string;
  constructor(type: string, place: string) {
    super(`Event ${type} at ${place} is not known to this version`);
    this.type = type;
  }
}

/**
 * The stored form of events. Nothing malformed is ever written, since it would stay for good.
 * @throws Error when data does not conform to the schema of its type: a fault of the writing code
 */
export const encodeEvents = (events: readonly NewEvent[], cause: Cause, clock: Clock) => {
  const at = clock().toISOString();
  return events.map(({ id, event }) => {
    const faults = faultsOf(eventCatalogue[event.type], event.data);
    if (faults.length > 0) {
      const places = faults.map(({ pointer, detail }) => `${pointer ?? ''} ${detail}`).join('; ');
      throw new Error(`Event ${event.type} does not conform to its schema: ${places}`);
    }
    const metadata: EventMetadata = { ...cause, at, schemaVersion: currentSchemaVersion(event.type) };
    return { id, type: event.type, data: event.data, metadata };
  });
};

/** True for the type of an event in the catalogue of this code. */
export const isEventType = (type: string): type is EventType => Object.hasOwn(eventCatalogue, type);

const isMetadata = (value: unknown): value is EventMetadata =>
  typeof value === 'object' &&
  value !== null &&
  'schemaVersion' in value &&
  Number.isInteger(value.schemaVersion);

/**
 * A stored event in the newest shape of its type.
 * @throws UnknownEvent · Error when it was written in a newer shape than this code knows
 */
export const decodeEvent = (
  { id, type, data, metadata }: StoredEvent,
  place: { stream: string; revision: bigint; position: bigint },
): RecordedEvent => {
  if (!isEventType(type) || !isMetadata(metadata) || typeof data !== 'object' || data === null) {
    throw new UnknownEvent(type, `revision ${place.revision} of ${place.stream}`);
  }
  const stored = data as Record<string, unknown>;
  const isNewest = metadata.schemaVersion === currentSchemaVersion(type);
  const lifted = isNewest ? stored : upcast(type, stored, metadata.schemaVersion);
  const { stream, revision, position } = place;
  return { type, data: lifted, id, stream, revision, position, metadata } as RecordedEvent;
};
