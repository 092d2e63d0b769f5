import { isRejection, streams, type Command, type Fault, type OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import {
  causeOf,
  foldOperation,
  type OperationEnd,
  OperationSuspended,
  type PlannedChildren,
  rejectOperation,
} from '@alfa-cloud/operations';
import { errorMessage, errorName, Semaphore, sleep } from '@alfa-cloud/service-kit';
import type { OperationDeps } from '../operations/common/accept-and-run.ts';
import {
  runClientOperation,
  type ClientAction,
  type ClientData,
} from '../operations/common/client-operation.ts';
import { loadClient } from '../domain/load.ts';

export type Child = PlannedChildren['children'][number];

/** Where a child stands; `under_way` from its begin on the client's stream on, also while no worker has it. */
export type Standing =
  { status: 'waiting' } | { status: 'under_way' } | { status: 'ended'; end: OperationEnd };

/** Streams read at the same time. */
const readsAtOnce = 16;

export const standingsOf = async (store: EventStore, children: readonly Child[]): Promise<Standing[]> => {
  const reads = new Semaphore(readsAtOnce);
  return Promise.all(children.map((child) => reads.run(() => standingOf(store, child))));
};

const standingOf = async (store: EventStore, { clientId, operationId }: Child): Promise<Standing> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const operation = foldOperation(events);
  if (operation.status === 'ended') return { status: 'ended', end: operation.end };
  if (operation.status === 'open') return { status: 'under_way' };
  // Begun on its client and not accepted yet: whoever leaves it there closes the client to every other operation.
  const { state } = await loadClient(store, clientId);
  const running = 'operation' in state ? state.operation : null;
  return { status: running?.operationId === operationId ? 'under_way' : 'waiting' };
};

/** What is the same for all children of an operation. */
export interface ChildWork {
  deps: OperationDeps;
  parentId: string;
  command: Command;
  signal: AbortSignal;
  pace: ChildPace;
  /** Asked while another operation has the client: shall it go on waiting? */
  mayWait: () => Promise<boolean>;
}

export interface ChildPace {
  /** Longest time that a child waits for the end of another operation on its client, ms. */
  busyMs: number;
  /** From one look at a busy client to the next, ms. */
  lookMs: number;
  /** Before a child that could not even fail is tried again, doubled for each further time, ms. */
  retryMs: number;
}

export const defaultChildPace: ChildPace = { busyMs: 600_000, lookMs: 1000, retryMs: 1000 };

const attempts = 4;

/**
 * Takes one child to its end, whether it is begun here or was before a crash. What speaks against it ends it as rejected.
 * @returns null when it was not begun since it need not wait any longer
 * @throws OperationSuspended when it can neither go on nor fail · EventStoreUnavailable · HandedBack when the signal is aborted
 */
export const runChild = async <Data extends ClientData>(
  child: Child,
  { action, data }: { action: ClientAction<Data>; data: Data },
  work: ChildWork,
): Promise<OperationEnd | null> => {
  const { deps, parentId, command, signal, pace } = work;
  const { operationId } = child;
  const busyUntil = performance.now() + pace.busyMs;
  for (let attempt = 1; ;) {
    try {
      return await runClientOperation(deps, action, { data, operationId, command, signal, parentId });
    } catch (error) {
      if (signal.aborted || errorName(error) === 'EventStoreUnavailable') throw error;
      if (isRejection(error)) {
        const isBusy = error.faults.some(({ code }) => code === 'operation_in_progress');
        if (!isBusy || performance.now() > busyUntil)
          return rejected(child.operationId, action.kind, work, { faults: error.faults, isBusy });
        if (!(await work.mayWait())) return null;
        await sleep(pace.lookMs, signal);
      } else {
        if (attempt === attempts) {
          throw new OperationSuspended(`Operation ${operationId}: ${errorMessage(error)}`, { cause: error });
        }
        await sleep(pace.retryMs * 2 ** (attempt - 1), signal);
        attempt += 1;
      }
    }
  }
};

const rejected = async (
  operationId: string,
  kind: string,
  { deps, command }: ChildWork,
  { faults, isBusy }: { faults: readonly Fault[]; isBusy: boolean },
): Promise<OperationEnd> => {
  const failure = {
    code: isBusy ? 'client_busy' : (faults[0]?.code ?? 'rejected'),
    reason: faults.map(({ detail }) => detail).join('; '),
    step: null,
  };
  await rejectOperation(deps.store, { operationId, command: kind, failure, cause: causeOf(command) });
  return { status: 'error', cause: failure, leftovers: [] };
};
