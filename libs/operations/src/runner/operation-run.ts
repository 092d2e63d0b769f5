import {
  mapTexts,
  message,
  type Message,
  type Reason,
  reasonOf as storedReason,
  wordsOf,
} from '@alfa-cloud/contracts';
import { type DeadlineExceeded, errorMessage, errorName, type Logger } from '@alfa-cloud/service-kit';
import { cancelledCode, type OperationDefinition, type OperationObserver } from '../operation/operation.ts';
import type { OperationLog } from '../operation/operation-log.ts';

/** The service stops: the operation is as far as its events say, and any worker can go on with it. */
export class OperationInterrupted extends Error {
  override name = 'OperationInterrupted';
  constructor(operationId: string) {
    super(`Operation ${operationId} was interrupted: the service stops`);
  }
}

/** How often the runner does what. Tests make it faster. */
export interface Pacing {
  /** Interval of the checks for a cancel request during the pause before a retry. Default 1 s. */
  waitingLookMs: number;
  /** Interval of the checks for a cancel request or another worker's claim while a step runs. Default 1 s. */
  workingLookMs: number;
  /** How long a step that was told to stop, because this worker does, is waited for. Default 3 s. */
  windUpMs: number;
  /** The same of a step that was cut off for good, by its deadline or a cancel: it ends what it has begun elsewhere. Default 30 s. */
  cutOffMs: number;
  /** Between two events of output. Default 200 ms. */
  outputMs: number;
  /** Pause before `conclude` is tried again, doubled for each further time. Default 500 ms. */
  concludeRetryMs: number;
}

export const defaultPacing: Pacing = {
  waitingLookMs: 1000,
  workingLookMs: 1000,
  windUpMs: 3000,
  cutOffMs: 30_000,
  outputMs: 200,
  concludeRetryMs: 500,
};

type ObservedPhase = Parameters<OperationObserver>[0]['phase'];

/** What the parts of the runner share about one run of one operation by one worker. */
export interface OperationRun<Context> {
  readonly operationId: string;
  readonly definition: OperationDefinition<Context>;
  readonly context: Context;
  readonly log: OperationLog;
  /** Aborted when the service stops or this worker can't go on. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly pacing: Pacing;
  /** Takes secrets out of a text. */
  redact: (text: string) => string;
  /** Tells the observer; one that throws ends the run, as a crash would. */
  observe(phase: ObservedPhase, step: string | null): Promise<void>;
  /** @throws OperationInterrupted · OperationLost · EventStoreUnavailable: whatever keeps this worker from going on */
  throwIfOver(): void;
}

/** Longest reason in an event; the whole error goes to the service's log. */
const maxReasonLength = 2000;

/** Why an attempt failed, as events say it. */
export interface Fault extends Reason {
  kind: 'transient' | 'final';
}

/**
 * The fault that an error thrown by a step stands for.
 * @throws the error itself, or the reason why the run is over, when it does not speak about the step
 */
export const faultOf = <Context>(run: OperationRun<Context>, step: string, error: unknown): Fault => {
  run.throwIfOver();
  if (isNoFault(error)) throw error;
  const told = reasonOf(run, step, error);
  if (isClassified(error)) return { kind: error.kind, code: error.code, ...told };
  if (errorName(error) === 'StepCancelled') return { kind: 'final', code: cancelledCode, ...told };
  if (isDeadline(error)) return { kind: 'final', code: 'deadline_exceeded', ...told };
  run.logger.error({ err: error, step }, 'step failed unexpectedly');
  return { kind: 'final', code: 'unexpected', ...told };
};

const reasonOf = <Context>(
  { redact }: OperationRun<Context>,
  step: string,
  error: unknown,
): Omit<Reason, 'code'> => {
  const words = isDeadline(error) ? lateWords(step, error) : wordsOf(error);
  const { message: stored } = storedReason(mapTexts(words, (text) => redact(text).slice(0, maxReasonLength)));
  const reason = redact(errorMessage(error)).slice(0, maxReasonLength);
  return { reason, ...(stored === undefined ? {} : { message: stored }) };
};

/** What a step is called in the error of its deadline. */
export const deadlineNameOf = (step: string): string => `Step ${step}`;

const lateWords = (step: string, { what, milliseconds }: DeadlineExceeded): Message =>
  what === deadlineNameOf(step)
    ? message`Step ${step} did not finish within ${milliseconds} ms`
    : message`${what} did not finish within ${milliseconds} ms`;

const isDeadline = (error: unknown): error is DeadlineExceeded => errorName(error) === 'DeadlineExceeded';

const isNoFault = (error: unknown): boolean =>
  ['EventStoreUnavailable', 'OperationSuspended'].includes(errorName(error) ?? '');

/** An error that says itself whether a repetition may help: a `StepFailure`, or one of a port, such as a server's, that the step lets through. */
const isClassified = (error: unknown): error is Fault =>
  typeof error === 'object' &&
  error !== null &&
  'kind' in error &&
  (error.kind === 'transient' || error.kind === 'final') &&
  'code' in error &&
  typeof error.code === 'string';

const maxRetryMs = 30_000;

/** Pause before the next attempt: doubled with each failure, at most 30 s. */
export const retryDelayMs = (failures: number, firstRetryMs = 500): number =>
  Math.min(maxRetryMs, firstRetryMs * 2 ** (failures - 1));
