import { type FailureCause, message, reasonOf } from '@alfa-cloud/contracts';
import {
  cancelledCode,
  type OperationDefinition,
  type OperationEnd,
  type Step,
} from '../operation/operation.ts';
import { stepOf, type CompensationState, type OpenOperation } from '../operation/operation-state.ts';

/** What the worker of an operation does next. Each move ends in an event, so that the next one follows from the stream alone. */
export type Move<Context> =
  | { kind: 'run_step'; step: Step<Context>; attempt: number; failures: number }
  | { kind: 'begin_compensation'; cause: FailureCause; steps: string[] }
  | { kind: 'compensate_step'; step: Step<Context>; failures: number }
  | { kind: 'abandon_step'; step: string; attempt: number; code: string; reason: string }
  | { kind: 'conclude'; end: OperationEnd }
  /** Ends without `conclude`, which has brought down every worker that tried. */
  | { kind: 'abandon'; end: OperationEnd };

/** Claims without anything coming to an end after which the work at hand is given up: it brings its workers down. */
export const maxClaimsWithoutProgress = 5;

const noProgress = (step: string | null): FailureCause => ({
  code: 'no_progress',
  ...reasonOf(message`${maxClaimsWithoutProgress + 1} workers in a row began here and none came to an end`),
  step,
});

/** Of a compensation that a cancel request caused; its step is null, unlike that of any failed step. */
const cancelled: FailureCause = {
  code: cancelledCode,
  ...reasonOf(message`Cancelled on request`),
  step: null,
};

/**
 * Decides the next move from the folded state alone.
 * A cancel request counts until the last step is completed: from there on `conclude` may have made the success known. It comes too late
 * as soon as a point of no return has been begun.
 */
export const nextMove = <Context>(
  operation: OpenOperation,
  { steps }: Pick<OperationDefinition<Context>, 'steps'>,
): Move<Context> => {
  const tooManyClaims = operation.claimsWithoutProgress > maxClaimsWithoutProgress;
  if (operation.compensation !== null) return nextBackwards(operation.compensation, steps, tooManyClaims);

  const step = steps.find(({ name }) => stepOf(operation, name).status !== 'completed');
  if (step === undefined) {
    if (!tooManyClaims) return { kind: 'conclude', end: { status: 'ok' } };
    const leftovers = toTakeBack(operation, steps);
    return { kind: 'abandon', end: { status: 'error', cause: noProgress(null), leftovers } };
  }
  const { status, attempt, failures } = stepOf(operation, step.name);
  const isStuck = tooManyClaims && step.runsOperations !== true;
  const isCancelled = heedsCancel(operation, steps) && operation.cancelRequested;
  const cause = causeToTurnBack(operation, {
    hasFailed: status === 'failed',
    isCancelled,
    stuckIn: isStuck ? step.name : null,
  });
  if (cause !== null) return { kind: 'begin_compensation', cause, steps: toTakeBack(operation, steps) };
  return { kind: 'run_step', step, attempt: attempt + 1, failures };
};

/** Would a cancel request still stop the operation? */
export const heedsCancel = <Context>(
  operation: OpenOperation,
  steps: readonly Pick<Step<Context>, 'name' | 'pointOfNoReturn'>[],
): boolean =>
  !steps.some(({ name, pointOfNoReturn }) => {
    const { status, outcome } = stepOf(operation, name);
    return pointOfNoReturn === true && status !== 'pending' && outcome !== 'skipped';
  });

const causeToTurnBack = (
  { failure }: OpenOperation,
  { hasFailed, isCancelled, stuckIn }: { hasFailed: boolean; isCancelled: boolean; stuckIn: string | null },
): FailureCause | null => {
  if (hasFailed && failure !== null) return failure.code === cancelledCode ? cancelled : failure;
  if (isCancelled) return cancelled;
  return stuckIn === null ? null : noProgress(stuckIn);
};

/**
 * Steps that may have had an effect of this operation, newest first. Not among them: skipped ones, one whose first attempt
 * found everything done before it had acted, since that was the work of somebody else, and completed ones that leave nothing then.
 */
const toTakeBack = <Context>(operation: OpenOperation, steps: readonly Step<Context>[]): string[] =>
  steps
    .filter((step) => step.compensate !== undefined)
    .filter(({ name, runsOperations, compensateWhen }) => {
      const { attempt, outcome, status } = stepOf(operation, name);
      const isUnfinishedOnly = runsOperations === true || compensateWhen === 'unfinished';
      if (isUnfinishedOnly && status === 'completed') return false;
      return attempt > 0 && outcome !== 'skipped' && !(outcome === 'already_done' && attempt === 1);
    })
    .map(({ name }) => name)
    .toReversed();

const nextBackwards = <Context>(
  { cause, remaining, failures, leftovers }: CompensationState,
  steps: readonly Step<Context>[],
  tooManyClaims: boolean,
): Move<Context> => {
  const [name] = remaining;
  if (name === undefined) {
    const end = endAfterCompensation(cause, leftovers);
    return { kind: tooManyClaims ? 'abandon' : 'conclude', end };
  }
  const step = steps.find((candidate) => candidate.name === name);
  if (step?.compensate === undefined) {
    const reason = 'This version of the code does not know how to take the step back';
    return { kind: 'abandon_step', step: name, attempt: failures + 1, code: 'unknown_step', reason };
  }
  if (tooManyClaims && step.runsOperations !== true) {
    const { code, reason } = noProgress(name);
    return { kind: 'abandon_step', step: name, attempt: failures + 1, code, reason };
  }
  return { kind: 'compensate_step', step, failures };
};

const endAfterCompensation = (cause: FailureCause, leftovers: readonly string[]): OperationEnd =>
  cause.code === cancelledCode && cause.step === null
    ? { status: 'cancelled', leftovers: [...leftovers] }
    : { status: 'error', cause, leftovers: [...leftovers] };
