import { streams, type OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { errorName, sleep, type Logger } from '@alfa-cloud/service-kit';
import type { OperationDefinition, OperationEnd, OperationObserver } from '../operation/operation.ts';
import { foldOperation } from '../operation/operation-state.ts';
import { runOperation } from '../runner/run-operation.ts';
import type { Execution } from './execution.ts';
import type { Loaded } from './implementation.ts';

export interface WorkerDeps {
  store: EventStore;
  /** Name of this worker, for the log. */
  worker: string;
  logger: Logger;
  observer?: OperationObserver;
}

/** Interval of the checks of an operation that another worker runs, ms. */
const lookMs = 5000;
/** Added to the longest time that a step may be silent: a worker that has written nothing for so long counts as dead. */
const silenceSlackMs = 60_000;

/**
 * Takes an accepted operation to its end. Returning acknowledges the command for all workers, so a worker that has lost its operation to
 * another one stays until that one has ended it, and goes on itself should the other fall silent.
 */
export const runToEnd = async <Context>(
  { store, worker, logger, observer }: WorkerDeps,
  { operationId, cause, signal }: Pick<Execution<unknown>, 'operationId' | 'cause' | 'signal'>,
  { definition, load }: { definition: OperationDefinition<Context>; load: () => Promise<Loaded<Context>> },
): Promise<OperationEnd> => {
  const longestMs = definition.steps.map(({ deadlineMs, quietMs = deadlineMs }) => quietMs);
  const silenceMs = Math.max(0, ...longestMs) + silenceSlackMs;
  for (;;) {
    const ended = await endOf(store, operationId);
    if (ended !== null) return ended;
    const loaded = await load();
    try {
      return await runOperation({
        ...loaded,
        store,
        definition,
        operationId,
        cause,
        worker,
        signal,
        logger,
        ...(observer === undefined ? {} : { observer }),
      });
    } catch (error) {
      if (errorName(error) !== 'OperationLost') throw error;
      logger.info({ operationId }, 'another worker has the operation');
      await endOrSilence(store, operationId, silenceMs, signal);
    }
  }
};

const endOf = async (store: EventStore, operationId: string): Promise<OperationEnd | null> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const operation = foldOperation(events);
  return operation.status === 'ended' ? operation.end : null;
};

/** Waits until the operation has ended, or nothing more comes from the worker that has it. */
const endOrSilence = async (
  store: EventStore,
  operationId: string,
  silenceMs: number,
  signal: AbortSignal,
): Promise<void> => {
  let known = -1;
  for (let silentSince = performance.now(); performance.now() - silentSince < silenceMs;) {
    const { events } = await store.read<OperationEvent>(streams.operation(operationId));
    if (foldOperation(events).status === 'ended') return;
    if (events.length !== known) silentSince = performance.now();
    known = events.length;
    await sleep(lookMs, signal);
  }
};
