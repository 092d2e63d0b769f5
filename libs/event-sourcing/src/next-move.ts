import type { FailureCause } from '@alfa-cloud/contracts';
import type { OperationDefinition, OperationEnd, Step } from './operation.ts';
import { stepOf, type CompensationState, type OpenOperation } from './operation-state.ts';

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
  reason: `${maxClaimsWithoutProgress + 1} workers in a row began here and none came to an end`,
  step,
});

/** Code of a compensation that a cancel request caused; its step is null, unlike that of any failed step. */
const cancelledCode = 'cancelled';
const cancelled: FailureCause = { code: cancelledCode, reason: 'Cancelled on request', step: null };

/**
 * Decides the next move from the folded state alone.
 * A cancel request counts until the last step is completed: from there on `conclude` may have made the success known.
 */
export const nextMove = <Context>(
  operation: OpenOperation,
  { steps }: Pick<OperationDefinition<Context>, 'steps'>,
): Move<Context> => {
  const stuck = operation.claimsWithoutProgress > maxClaimsWithoutProgress;
  if (operation.compensation !== null) return nextBackwards(operation.compensation, steps, stuck);

  const step = steps.find(({ name }) => stepOf(operation, name).status !== 'completed');
  if (step === undefined) {
    if (!stuck) return { kind: 'conclude', end: { status: 'ok' } };
    const leftovers = toTakeBack(operation, steps);
    return { kind: 'abandon', end: { status: 'error', cause: noProgress(null), leftovers } };
  }
  const { status, attempt, failures } = stepOf(operation, step.name);
  const cause = causeToTurnBack(operation, status === 'failed', stuck ? step.name : null);
  if (cause !== null) return { kind: 'begin_compensation', cause, steps: toTakeBack(operation, steps) };
  return { kind: 'run_step', step, attempt: attempt + 1, failures };
};

const causeToTurnBack = (
  operation: OpenOperation,
  hasFailed: boolean,
  stuckIn: string | null,
): FailureCause | null => {
  if (hasFailed && operation.failure !== null) return operation.failure;
  if (operation.cancelRequested) return cancelled;
  return stuckIn === null ? null : noProgress(stuckIn);
};

/**
 * Steps that may have had an effect of this operation, newest first. Not among them: skipped ones, and one whose first attempt
 * found everything done before it had acted, since that was the work of somebody else.
 */
const toTakeBack = <Context>(operation: OpenOperation, steps: readonly Step<Context>[]): string[] =>
  steps
    .filter((step) => step.compensate !== undefined)
    .filter(({ name }) => {
      const { attempt, outcome } = stepOf(operation, name);
      return attempt > 0 && outcome !== 'skipped' && !(outcome === 'already_done' && attempt === 1);
    })
    .map(({ name }) => name)
    .toReversed();

const nextBackwards = <Context>(
  { cause, remaining, failures, leftovers }: CompensationState,
  steps: readonly Step<Context>[],
  stuck: boolean,
): Move<Context> => {
  const [name] = remaining;
  if (name === undefined) {
    const end = endAfterCompensation(cause, leftovers);
    return { kind: stuck ? 'abandon' : 'conclude', end };
  }
  const step = steps.find((candidate) => candidate.name === name);
  if (step?.compensate === undefined) {
    const reason = 'This version of the code does not know how to take the step back';
    return { kind: 'abandon_step', step: name, attempt: failures + 1, code: 'unknown_step', reason };
  }
  if (stuck) {
    const { code, reason } = noProgress(name);
    return { kind: 'abandon_step', step: name, attempt: failures + 1, code, reason };
  }
  return { kind: 'compensate_step', step, failures };
};

const endAfterCompensation = (cause: FailureCause, leftovers: readonly string[]): OperationEnd =>
  cause.code === cancelledCode && cause.step === null
    ? { status: 'cancelled', leftovers: [...leftovers] }
    : { status: 'error', cause, leftovers: [...leftovers] };
