import type {
  FailureCause,
  OperationEvent,
  OperationKind,
  OperationTarget,
  StepOutcome,
} from '@alfa-cloud/contracts';
import type { OperationEnd, PlannedChildren } from './operation.ts';

/** Where one step stands. The step of a worker that has died is still `started`. */
export interface StepState {
  status: 'pending' | 'started' | 'retrying' | 'completed' | 'failed';
  /** Newest attempt begun; 0 before the first. */
  attempt: number;
  /** Attempts that failed, over all workers. */
  failures: number;
  outcome: StepOutcome | null;
}

/** Progress of taking back. */
export interface CompensationState {
  cause: FailureCause;
  /** Steps still to be taken back, next one first. */
  remaining: readonly string[];
  /** Failed attempts at the next one. */
  failures: number;
  /** Steps given up. */
  leftovers: readonly string[];
  /** Why the last step could not be taken back; null when it could. */
  leftoverCode: string | null;
}

/** An operation that has not ended. */
export interface OpenOperation {
  status: 'open';
  operationId: string;
  kind: OperationKind;
  target: OperationTarget;
  parentId: string | null;
  steps: Readonly<Record<string, StepState>>;
  /** Why the newest failed step failed; null while none has failed for good. */
  failure: FailureCause | null;
  /** Newest claimant; null before the first claim. */
  worker: string | null;
  /** Claims since anything last came to an end, good or bad. A step that kills its worker shows here. */
  claimsWithoutProgress: number;
  cancelRequested: boolean;
  compensation: CompensationState | null;
  /** Operations that this one runs; null before all of them are decided on. */
  children: PlannedChildren | null;
  /** The first parts of a plan whose last part has not come yet. */
  unfinishedPlan: PlannedChildren | null;
}

export type OperationState =
  | { status: 'absent' }
  | OpenOperation
  | { status: 'ended'; operationId: string; end: OperationEnd; result: Record<string, unknown> | null };

const pending: StepState = { status: 'pending', attempt: 0, failures: 0, outcome: null };

/** State of a step, also of one that a newer version of the code has added to the operation. */
export const stepOf = (operation: OpenOperation, step: string): StepState => operation.steps[step] ?? pending;

export const initialOperation = (): OperationState => ({ status: 'absent' });

/** The state of an operation that its events lead to. */
export const foldOperation = (events: readonly OperationEvent[]): OperationState =>
  events.reduce(evolveOperation, initialOperation());

export const evolveOperation = (state: OperationState, event: OperationEvent): OperationState => {
  switch (event.type) {
    case 'OperationAccepted':
      return accepted(event.data);
    case 'OperationRejected':
      return ended(event.data.operationId, { status: 'error', cause: event.data.cause, leftovers: [] });
    case 'OperationSucceeded':
      return { ...ended(event.data.operationId, { status: 'ok' }), result: event.data.result };
    case 'OperationFailed': {
      const { cause, leftovers } = event.data;
      return ended(event.data.operationId, { status: 'error', cause, leftovers });
    }
    case 'OperationCancelled':
      return ended(event.data.operationId, { status: 'cancelled', leftovers: event.data.leftovers });
    case 'OperationClaimed':
    case 'OperationStepStarted':
    case 'OperationStepCompleted':
    case 'OperationStepFailed':
    case 'OperationOutputWritten':
    case 'OperationChildrenPlanned':
    case 'OperationCancelRequested':
    case 'OperationCompensationStarted':
    case 'OperationStepCompensated':
    case 'OperationStepCompensationFailed':
      return state.status === 'open' ? evolveOpen(state, event) : state;
    default:
      return event satisfies never;
  }
};

type AcceptedData = Extract<OperationEvent, { type: 'OperationAccepted' }>['data'];

const accepted = ({ operationId, kind, target, parentId, steps }: AcceptedData): OpenOperation => ({
  status: 'open',
  operationId,
  kind,
  target,
  parentId,
  steps: Object.fromEntries(steps.map((name) => [name, pending])),
  failure: null,
  worker: null,
  claimsWithoutProgress: 0,
  cancelRequested: false,
  compensation: null,
  children: null,
  unfinishedPlan: null,
});

const ended = (operationId: string, end: OperationEnd) => ({
  status: 'ended' as const,
  operationId,
  end,
  result: null,
});

type OpenEvent = Exclude<
  OperationEvent,
  {
    type:
      | 'OperationAccepted'
      | 'OperationRejected'
      | 'OperationSucceeded'
      | 'OperationFailed'
      | 'OperationCancelled';
  }
>;

const evolveOpen = (state: OpenOperation, event: OpenEvent): OpenOperation => {
  switch (event.type) {
    case 'OperationClaimed':
      return {
        ...state,
        worker: event.data.worker,
        claimsWithoutProgress: state.claimsWithoutProgress + 1,
      };
    case 'OperationStepStarted':
      return withStep(state, event.data.step, { status: 'started', attempt: event.data.attempt });
    case 'OperationStepCompleted': {
      const { attempt, outcome, step } = event.data;
      return progressed(withStep(state, step, { status: 'completed', attempt, outcome }));
    }
    case 'OperationStepFailed':
      return progressed(stepFailed(state, event.data));
    case 'OperationOutputWritten':
      return state;
    case 'OperationChildrenPlanned':
      return { ...state, ...plannedOf(state.unfinishedPlan, event.data) };
    case 'OperationCancelRequested':
      return { ...state, cancelRequested: true };
    case 'OperationCompensationStarted': {
      const { cause, steps } = event.data;
      const begun = { cause, remaining: steps, failures: 0, leftovers: [], leftoverCode: null };
      return progressed({ ...state, compensation: begun });
    }
    case 'OperationStepCompensated':
      return progressed(compensationMoved(state, event.data.step, null));
    case 'OperationStepCompensationFailed':
      return progressed(compensationFailed(state, event.data));
    default:
      return event satisfies never;
  }
};

/** A plan that a crash has cut off is decided on anew, from its first part. */
const plannedOf = (
  before: PlannedChildren | null,
  { part, ...data }: Extract<OperationEvent, { type: 'OperationChildrenPlanned' }>['data'],
): Pick<OpenOperation, 'children' | 'unfinishedPlan'> => {
  const { operationId: _, ...planned } = data;
  const plan =
    part === undefined || part.number === 1 || before === null
      ? planned
      : {
          ...planned,
          children: [...before.children, ...planned.children],
          skipped: [...before.skipped, ...planned.skipped],
        };
  const isWhole = part === undefined || part.number === part.of;
  return isWhole ? { children: plan, unfinishedPlan: null } : { children: null, unfinishedPlan: plan };
};

/** What an operation has planned, also when it has ended; null when it has come to no whole plan. */
export const plannedChildrenIn = (events: readonly OperationEvent[]): PlannedChildren | null => {
  let planned: Pick<OpenOperation, 'children' | 'unfinishedPlan'> = { children: null, unfinishedPlan: null };
  for (const { type, data } of events) {
    if (type === 'OperationChildrenPlanned') planned = plannedOf(planned.unfinishedPlan, data);
  }
  return planned.children;
};

const progressed = (state: OpenOperation): OpenOperation => ({ ...state, claimsWithoutProgress: 0 });

const withStep = (state: OpenOperation, name: string, change: Partial<StepState>): OpenOperation => ({
  ...state,
  steps: { ...state.steps, [name]: { ...stepOf(state, name), ...change } },
});

type StepFailedData = Extract<OperationEvent, { type: 'OperationStepFailed' }>['data'];

const stepFailed = (state: OpenOperation, data: StepFailedData): OpenOperation => {
  const { operationId: _, attempt: __, retryInMs, ...failure } = data;
  const { step } = failure;
  const failures = stepOf(state, step).failures + 1;
  return retryInMs === null
    ? { ...withStep(state, step, { status: 'failed', failures }), failure }
    : withStep(state, step, { status: 'retrying', failures });
};

/** @param leftoverCode why the step is given up; null: it was taken back */
const compensationMoved = (
  state: OpenOperation,
  step: string,
  leftoverCode: string | null,
): OpenOperation => {
  if (state.compensation === null) return state;
  const { cause, remaining, leftovers } = state.compensation;
  return {
    ...state,
    compensation: {
      cause,
      remaining: remaining.filter((name) => name !== step),
      failures: 0,
      leftovers: leftoverCode === null ? leftovers : [...leftovers, step],
      leftoverCode,
    },
  };
};

type CompensationFailedData = Extract<OperationEvent, { type: 'OperationStepCompensationFailed' }>['data'];

const compensationFailed = (
  state: OpenOperation,
  { step, code, retryInMs }: CompensationFailedData,
): OpenOperation => {
  if (state.compensation === null) return state;
  if (retryInMs === null) return compensationMoved(state, step, code);
  return { ...state, compensation: { ...state.compensation, failures: state.compensation.failures + 1 } };
};
