import { streams, type CommandData, type CommandName, type OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { HandedBack, type CommandHandler } from '@alfa-cloud/messaging';
import { KeyedSemaphore } from '@alfa-cloud/service-kit';
import { acceptOperation } from '../commands/accept-operation.ts';
import type { OperationEnd, OperationObserver, Step } from '../operation/operation.ts';
import { foldOperation } from '../operation/operation-state.ts';
import { nextMove } from '../runner/next-move.ts';
import { executionOf, operationIdOf, type Execution } from './execution.ts';
import type { Implementation } from './implementation.ts';
import { runToEnd, type WorkerDeps } from './run-to-end.ts';

export interface ExecutorDeps extends WorkerDeps {
  /** Operations at the same time on one server, by this process; others wait as `accepted`. */
  perServer: number;
  /** Waits until an accepted operation may work on its servers. Default: at once. */
  untilFree?: (
    operation: { operationId: string; servers: readonly string[] },
    signal: AbortSignal,
  ) => Promise<void>;
}

/**
 * Carries out an operation, whatever asks for it: begins it, makes it known, tells the sender, runs its steps to the end. The same
 * execution again, after a crash, goes on.
 * @throws Rejection when it may not begin · HandedBack when the service stops · EventStoreUnavailable, or what keeps it from going on
 */
export type Execute = <Data>(
  implementation: Implementation<Data>,
  execution: Execution<Data>,
) => Promise<OperationEnd>;

/** The executor of this process. */
export const createExecutor = (deps: ExecutorDeps): Execute => {
  const perServer = new KeyedSemaphore(deps.perServer);
  return async (implementation, execution) => {
    const { operationId, cause, signal, parentId, retryOf } = execution;
    const { kind } = implementation.operation;
    const begun =
      retryOf === undefined || implementation.beginAgain === undefined
        ? implementation.begin(execution)
        : implementation.beginAgain(execution);
    const { target, ids, steps, parameters, servers, untilTurn, load, conclude } = await begun;
    const { position } = await acceptOperation(deps.store, {
      operationId,
      kind,
      target,
      cause,
      steps: steps.map(({ name }) => name),
      ...(parentId === undefined ? {} : { parentId }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(retryOf === undefined ? {} : { retryOf }),
    });
    await execution.accepted?.({ ...ids, operationId }, position);
    const definition = { kind, steps, conclude };
    const run = async () => {
      await untilTurn?.();
      await deps.untilFree?.({ operationId, servers }, signal);
      const work = (leave: () => void) => {
        const observer = leavingAt(definition.steps, leave, deps.observer);
        return runToEnd({ ...deps, observer }, execution, { definition, load });
      };
      const needsPlace = await isPlaceNeeded(deps.store, operationId, steps);
      return perServer.run(needsPlace ? servers : [], work, signal);
    };
    const end = await run().catch((error: unknown) => {
      throw signal.aborted ? new HandedBack('The service stops', { cause: error }) : error;
    });
    await implementation.afterwards?.(execution, end);
    return end;
  };
};

/** False for an operation that goes on, after a crash, in a step that holds no place. */
const isPlaceNeeded = async (
  store: EventStore,
  operationId: string,
  steps: readonly Step<never>[],
): Promise<boolean> => {
  if (steps.every(({ holdsNoPlace }) => holdsNoPlace !== true)) return true;
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const operation = foldOperation(events);
  if (operation.status === 'absent' || operation.status === 'ended') return true;
  const move = nextMove(operation, { steps });
  return move.kind !== 'run_step' || move.step.holdsNoPlace !== true;
};

/** Gives the operation's places up at the first step that needs none. */
const leavingAt = (
  steps: readonly Pick<Step<never>, 'name' | 'holdsNoPlace'>[],
  leave: () => void,
  observer?: OperationObserver,
): OperationObserver => {
  const placeless = new Set(steps.filter(({ holdsNoPlace }) => holdsNoPlace).map(({ name }) => name));
  return (moment) => {
    if (moment.phase === 'started' && placeless.has(moment.step ?? '')) leave();
    return observer?.(moment);
  };
};

/** Handler of the command that asks for an operation. */
export const operationHandler = <Name extends CommandName>(
  { store, execute }: { store: EventStore; execute: Execute },
  implementation: Implementation<CommandData<Name>>,
): CommandHandler<Name> => ({
  async handle(delivery) {
    await execute(implementation, executionOf(delivery));
  },
  isUnderWay: isOperationUnderWay(store),
});

/** For {@link CommandHandler.isUnderWay}: from its acceptance on an operation keeps its own account of crashes. */
export const isOperationUnderWay =
  (store: EventStore) =>
  async (command: { id: string }): Promise<boolean> =>
    (await store.read(streams.operation(operationIdOf(command)))).revision !== null;
