import type { Logger } from '@alfa-cloud/service-kit';
import { compensateStep } from './compensation.ts';
import { conclude, lastEvent } from './conclusion.ts';
import type { Cause, EventStore } from '@alfa-cloud/event-sourcing';
import { nextMove, type Move } from './next-move.ts';
import type { OperationDefinition, OperationEnd, OperationObserver } from '../operation/operation.ts';
import { OperationLog } from '../operation/operation-log.ts';
import { defaultPacing, OperationInterrupted, type OperationRun, type Pacing } from './operation-run.ts';
import { attemptStep } from './step-attempt.ts';

export interface RunOperationOptions<Context> {
  store: EventStore;
  definition: OperationDefinition<Context>;
  /** Of an operation that was accepted; see `acceptOperation`. */
  operationId: string;
  context: Context;
  cause: Cause;
  /** Name of this worker, for the log. */
  worker: string;
  /** Aborted when the service stops. */
  signal: AbortSignal;
  observer?: OperationObserver;
  /** Takes secrets out of output, details and reasons before they are stored. Line by line; see `OutputBuffer`. */
  redact?: (text: string) => string;
  logger: Logger;
  pacing?: Partial<Pacing>;
}

/**
 * Takes an accepted operation to its end, from wherever an earlier worker has left it; answers the end at once when it has one.
 * Every move follows from the events alone and ends in one, so a worker may die anywhere: the next one goes on.
 * A cancel request is seen before each step and within a second during a pause or a step; it ends a step that may be cut off.
 * @throws OperationLost another worker has claimed the operation: forget it
 * @throws OperationInterrupted the signal was aborted: hand the command back
 * @throws EventStoreUnavailable, or what `conclude` threw again and again: let the command come back later
 */
export const runOperation = async <Context>(options: RunOperationOptions<Context>): Promise<OperationEnd> => {
  const { operationId, definition, signal } = options;
  if (signal.aborted) throw new OperationInterrupted(operationId);
  const log = await OperationLog.open(options);
  let { end } = log;
  if (end !== null) return end;
  if (log.operation.kind !== definition.kind) {
    throw new Error(`Operation ${operationId} is a ${log.operation.kind}, not a ${definition.kind}`);
  }
  const run = startRun(options, log);
  try {
    await log.claim(options.worker);
    await run.observe('claimed', null);
    while (end === null) {
      run.throwIfOver();
      await make(run, nextMove(log.operation, definition));
      ({ end } = log);
    }
  } catch (error) {
    // Whatever came up in the meantime, e.g. in a pause that was cut short: this is why.
    run.throwIfOver();
    throw error;
  } finally {
    log.giveUp(new OperationInterrupted(operationId));
  }
  run.logger.info({ status: end.status }, 'operation has ended');
  return end;
};

const startRun = <Context>(
  options: RunOperationOptions<Context>,
  log: OperationLog,
): OperationRun<Context> => {
  const { operationId, definition, context, observer, redact, signal } = options;
  return {
    operationId,
    definition,
    context,
    log,
    signal: AbortSignal.any([signal, log.over]),
    logger: options.logger.child({ operationId, kind: definition.kind }),
    pacing: { ...defaultPacing, ...options.pacing },
    redact: redact ?? ((text) => text),
    observe: async (phase, step) => {
      try {
        await observer?.({ operationId, step, phase });
      } catch (error) {
        log.giveUp(error instanceof Error ? error : new Error('Observer failed', { cause: error }));
        throw error;
      }
    },
    throwIfOver: () => {
      log.over.throwIfAborted();
      if (signal.aborted) throw new OperationInterrupted(operationId);
    },
  };
};

const make = async <Context>(run: OperationRun<Context>, move: Move<Context>): Promise<void> => {
  const { log, operationId } = run;
  switch (move.kind) {
    case 'run_step':
      return attemptStep(run, move);
    case 'begin_compensation': {
      const { cause, steps } = move;
      await log.append({ type: 'OperationCompensationStarted', data: { operationId, cause, steps } });
      return run.observe('compensating', null);
    }
    case 'compensate_step':
      return compensateStep(run, move);
    case 'abandon_step': {
      const { step, attempt, code, reason } = move;
      const data = { operationId, step, attempt, code, reason, retryInMs: null };
      return log.append({ type: 'OperationStepCompensationFailed', data });
    }
    case 'conclude':
      return conclude(run, move.end);
    case 'abandon':
      return log.append(lastEvent(operationId, move.end, {}));
    default:
      return move satisfies never;
  }
};
