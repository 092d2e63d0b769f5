import { streams, type Command, type OperationEvent } from '@alfa-cloud/contracts';
import {
  foldOperation,
  runOperation,
  type EventStore,
  type OperationDefinition,
  type OperationObserver,
} from '@alfa-cloud/event-sourcing';
import { HandedBack } from '@alfa-cloud/messaging';
import { errorName, sleep, type Logger } from '@alfa-cloud/service-kit';
import { createTurns } from '../turns.ts';
import { causeOf } from './cause.ts';

export interface OperationRunnerDeps {
  store: EventStore;
  /** Who works, for people who read the log. */
  worker: string;
  logger: Logger;
  observer?: OperationObserver;
  /** Operations at the same time on one server, by this process; others wait as `accepted`. */
  perServer: number;
}

export interface OperationToRun<Context> {
  operationId: string;
  serverId: string;
  command: Command;
  definition: OperationDefinition<Context>;
  /** Computes what the steps share, from stored facts alone. */
  loadContext(): Promise<{ context: Context; redact: (text: string) => string }>;
  signal: AbortSignal;
}

/** Takes accepted operations to their ends. */
export type OperationRunner = <Context>(operation: OperationToRun<Context>) => Promise<void>;

/** A look at the operation while another worker has it. */
const lookMs = 5000;
/** Longer than its longest step, a worker that lives writes at least one event. */
const quietSlackMs = 60_000;

export const createOperationRunner = (deps: OperationRunnerDeps): OperationRunner => {
  const onServer = createTurns(deps.perServer);
  return async (operation) => {
    const { serverId, signal } = operation;
    try {
      await onServer(serverId, () => runUntilEnded(deps, operation), signal);
    } catch (error) {
      if (signal.aborted) throw new HandedBack('The service stops', { cause: error });
      throw error;
    }
  };
};

/**
 * Returning acknowledges the command for all workers, so a worker that has lost its operation to another one stays until that one has
 * ended it, and goes on itself should the other fall silent.
 */
const runUntilEnded = async <Context>(
  deps: OperationRunnerDeps,
  operation: OperationToRun<Context>,
): Promise<void> => {
  const { store, worker, logger, observer } = deps;
  const { operationId, definition, signal, command } = operation;
  const quietMs = Math.max(...definition.steps.map(({ deadlineMs }) => deadlineMs)) + quietSlackMs;
  for (;;) {
    const { context, redact } = await operation.loadContext();
    try {
      await runOperation({
        store,
        definition,
        operationId,
        context,
        redact,
        cause: causeOf(command),
        worker,
        signal,
        logger,
        ...(observer === undefined ? {} : { observer }),
      });
      return;
    } catch (error) {
      if (errorName(error) !== 'OperationLost') throw error;
      logger.info({ operationId }, 'another worker has the operation');
      if (await endedBySomebodyElse(store, operationId, quietMs, signal)) return;
    }
  }
};

const endedBySomebodyElse = async (
  store: EventStore,
  operationId: string,
  quietMs: number,
  signal: AbortSignal,
): Promise<boolean> => {
  let known = -1;
  for (let quietSince = performance.now(); performance.now() - quietSince < quietMs;) {
    const { events } = await store.read<OperationEvent>(streams.operation(operationId));
    if (foldOperation(events).status === 'ended') return true;
    if (events.length !== known) quietSince = performance.now();
    known = events.length;
    await sleep(lookMs, signal);
  }
  return false;
};
