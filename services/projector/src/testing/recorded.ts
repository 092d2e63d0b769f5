import { deriveId, type AlfaEvent } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

/** An event and the stream that it stands in. */
export interface PlacedEvent {
  stream: string;
  event: AlfaEvent;
}

const begin = Date.UTC(2026, 0, 1);

/** The moment of the n-th event of all: a minute after the one before. */
export const momentOf = (index: number): string => new Date(begin + index * 60_000).toISOString();

/** Events as an event store would have recorded them: ids, revisions, positions and times follow from their places. */
export const recorded = (events: readonly PlacedEvent[]): RecordedEvent[] => {
  const revisions = new Map<string, bigint>();
  return events.map(({ stream, event }, index) => {
    const revision = (revisions.get(stream) ?? -1n) + 1n;
    revisions.set(stream, revision);
    return {
      ...event,
      id: deriveId(stream, String(revision)),
      stream,
      revision,
      position: BigInt(index + 1) * 100n,
      metadata: {
        commandId: deriveId(stream, 'command'),
        correlationId: 'request-1',
        causationId: deriveId(stream, 'command'),
        actor: 'admin',
        at: momentOf(index),
        schemaVersion: 1,
      },
    };
  });
};
