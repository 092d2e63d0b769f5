/** Operations: long work in steps, resumed, retried, taken back and cancelled from its events alone. */
export {
  acceptOperation,
  rejectOperation,
  type ToldBefore,
  settleOperation,
  type AcceptOperationOptions,
} from './commands/accept-operation.ts';
export { bulkRun, type Bulk, type BulkRun } from './bulk/bulk-run.ts';
export { bulkCounts, bulkSteps, type OwnStep } from './bulk/bulk-steps.ts';
export { defaultChildPace, type Child, type ChildPace } from './bulk/child.ts';
export { cancelOperationHandler } from './commands/cancel-operation.ts';
export { causeOf, ownCause } from './commands/cause.ts';
export { requestCancel } from './commands/request-cancel.ts';
export { retryOperationHandler } from './retry/retry-operation.ts';
export { createExecutor, isOperationUnderWay, operationHandler, type Execute } from './execution/execute.ts';
export { executionOf, operationIdOf, type Execution } from './execution/execution.ts';
export {
  inOrder,
  type Begun,
  type Implementation,
  type Loaded,
  type StepsOf,
  type StepWork,
} from './execution/implementation.ts';
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
} from './operation/operation.ts';
export { lastLinesOf, withLastLines, withoutLastLines } from './operation/last-lines.ts';
export { OperationLost } from './operation/operation-log.ts';
export {
  evolveOperation,
  foldOperation,
  initialOperation,
  plannedChildrenIn,
  type CompensationState,
  type OpenOperation,
  type OperationState,
  type StepState,
} from './operation/operation-state.ts';
export { OperationInterrupted, type Pacing } from './runner/operation-run.ts';
export { runOperation, type RunOperationOptions } from './runner/run-operation.ts';
