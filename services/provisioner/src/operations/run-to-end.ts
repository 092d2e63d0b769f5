import { streams, type Command, type OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import {
  causeOf,
  foldOperation,
  type OperationDefinition,
  type OperationEnd,
  type OperationObserver,
  runOperation,
} from '@alfa-cloud/operations';
import { HandedBack } from '@alfa-cloud/messaging';
import { errorName, KeyedSemaphore, sleep, type Logger } from '@alfa-cloud/service-kit';

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
  /** Null: on no server itself, so it takes no turn there. */
  serverId: string | null;
  command: Command;
  definition: OperationDefinition<Context>;
  /** Computes what the steps share, from stored facts alone. Not asked once the operation has ended. */
  loadContext(): Promise<{ context: Context; redact: (text: string) => string }>;
  signal: AbortSignal;
}

/** Takes accepted operations to their ends. */
export type OperationRunner = <Context>(operation: OperationToRun<Context>) => Promise<OperationEnd>;

/** A look at the operation while another worker has it. */
const lookMs = 5000;
/** Longer than its longest step, a worker that lives writes at least one event. */
const quietSlackMs = 60_000;

export const createOperationRunner = (deps: OperationRunnerDeps): OperationRunner => {
  const onServer = new KeyedSemaphore(deps.perServer);
  return async (operation) => {
    const { serverId, signal } = operation;
    try {
      const work = () => runUntilEnded(deps, operation);
      return await (serverId === null ? work() : onServer.run(serverId, work, signal));
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
): Promise<OperationEnd> => {
  const { store, worker, logger, observer } = deps;
  const { operationId, definition, signal, command } = operation;
  const quietMs = Math.max(...definition.steps.map(longestQuietMs)) + quietSlackMs;
  for (;;) {
    const ended = await endOf(store, operationId);
    if (ended !== null) return ended;
    const { context, redact } = await operation.loadContext();
    try {
      return await runOperation({
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
    } catch (error) {
      if (errorName(error) !== 'OperationLost') throw error;
      logger.info({ operationId }, 'another worker has the operation');
      await endOrSilence(store, operationId, quietMs, signal);
    }
  }
};

const longestQuietMs = ({ deadlineMs, quietMs = deadlineMs }: { deadlineMs: number; quietMs?: number }) =>
  quietMs;

const endOf = async (store: EventStore, operationId: string): Promise<OperationEnd | null> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const operation = foldOperation(events);
  return operation.status === 'ended' ? operation.end : null;
};

/** Waits until the operation has ended, or nothing more comes from the worker that has it. */
const endOrSilence = async (
  store: EventStore,
  operationId: string,
  quietMs: number,
  signal: AbortSignal,
): Promise<void> => {
  let known = -1;
  for (let quietSince = performance.now(); performance.now() - quietSince < quietMs;) {
    const { events } = await store.read<OperationEvent>(streams.operation(operationId));
    if (foldOperation(events).status === 'ended') return;
    if (events.length !== known) quietSince = performance.now();
    known = events.length;
    await sleep(lookMs, signal);
  }
};
