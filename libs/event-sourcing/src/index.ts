/** Event sourcing over EventStoreDB: deciders, operations, projections. */
export {
  acceptOperation,
  rejectOperation,
  settleOperation,
  type AcceptOperationOptions,
} from './accept-operation.ts';
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
  OperationSuspended,
  cancelledCode,
  isCutOff,
  StepCancelled,
  StepFailure,
  type OperationDefinition,
  type OperationEnd,
  type OperationObserver,
  type PlannedChildren,
  type Step,
  type StepIo,
} from './operation.ts';
export { OperationLost } from './operation-log.ts';
export { OperationInterrupted, type Pacing } from './operation-run.ts';
export {
  evolveOperation,
  foldOperation,
  plannedChildrenIn,
  type CompensationState,
  type OpenOperation,
  type OperationState,
  type StepState,
} from './operation-state.ts';
export { requestCancel } from './request-cancel.ts';
export { runOperation, type RunOperationOptions } from './run-operation.ts';
export {
  subscribeProjection,
  type PlacedEvent,
  type Projection,
  type ProjectionBatch,
  type ProjectionOptions,
  type ProjectionStatus,
} from './projection-runner.ts';
