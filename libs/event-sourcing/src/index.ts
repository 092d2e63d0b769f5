/** Event sourcing over EventStoreDB: deciders, command handling, projections. */
export {
  connectEventStore,
  type EventStoreConnection,
  type EventStoreConnectionOptions,
} from './connect-event-store.ts';
export { fold, type Decider } from './decider.ts';
export { decodeEvent, UnknownEvent } from './event-codec.ts';
export { eventIdsFor, type EventIds } from './event-ids.ts';
export {
  EventStoreUnavailable,
  WrongRevision,
  type AppendResult,
  type Cause,
  type EventStore,
  type NewEvent,
  type RecordedEvent,
} from './event-store.ts';
export { handleCommand, type CommandHandling, type Handled } from './handle-command.ts';
export {
  subscribeProjection,
  type PlacedEvent,
  type Projection,
  type ProjectionBatch,
  type ProjectionOptions,
  type ProjectionStatus,
} from './projection-runner.ts';
