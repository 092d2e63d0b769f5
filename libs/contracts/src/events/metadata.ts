import { Type, type Static } from 'typebox';

/** Metadata of every event: actor, cause, time and schema version. */
export const EventMetadata = Type.Object({
  commandId: Type.String(),
  correlationId: Type.String(),
  causationId: Type.String(),
  actor: Type.String(),
  /** When it happened by the clock of the writer, RFC 3339 UTC. */
  at: Type.String(),
  /** Version of the shape of `data`; older ones are lifted by upcasters on reading. */
  schemaVersion: Type.Integer({ minimum: 1 }),
});
export type EventMetadata = Static<typeof EventMetadata>;
