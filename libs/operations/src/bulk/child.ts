import {
  detailsOf,
  isRejection,
  reasonOf,
  streams,
  type Fault,
  type OperationEvent,
} from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { errorMessage, errorName, Semaphore, sleep } from '@alfa-cloud/service-kit';
import { rejectOperation } from '../commands/accept-operation.ts';
import type { Execute } from '../execution/execute.ts';
import type { Execution } from '../execution/execution.ts';
import type { Implementation } from '../execution/implementation.ts';
import { OperationSuspended, type OperationEnd, type PlannedChildren } from '../operation/operation.ts';
import { foldOperation } from '../operation/operation-state.ts';

/** One operation that a larger one runs, and the client that it is about. */
export type Child = PlannedChildren['children'][number];

/** State of a child; `under_way` from its begin on its client, also while no worker runs it. */
export type Standing =
  { status: 'waiting' } | { status: 'under_way' } | { status: 'ended'; end: OperationEnd };

/** Streams read at the same time. */
const readsAtOnce = 16;

/**
 * The state of each child, from its own stream.
 * @param hasBegun begun on its client and not accepted yet? If it were left there the client would be closed to every other operation.
 */
export const standingsOf = async (
  store: EventStore,
  children: readonly Child[],
  hasBegun: (child: Child) => Promise<boolean>,
): Promise<Standing[]> => {
  const reads = new Semaphore(readsAtOnce);
  const standingOf = async (child: Child): Promise<Standing> => {
    const { events } = await store.read<OperationEvent>(streams.operation(child.operationId));
    const operation = foldOperation(events);
    if (operation.status === 'ended') return { status: 'ended', end: operation.end };
    if (operation.status === 'open') return { status: 'under_way' };
    return { status: (await hasBegun(child)) ? 'under_way' : 'waiting' };
  };
  return Promise.all(children.map((child) => reads.run(() => standingOf(child))));
};

export interface ChildPace {
  /** Longest time that a child waits for the end of another operation on its client, ms. */
  busyMs: number;
  /** Interval of the checks whether a busy client is free, ms. */
  lookMs: number;
  /** Before a child that could not even fail is tried again, doubled for each further time, ms. */
  retryMs: number;
}

export const defaultChildPace: ChildPace = { busyMs: 600_000, lookMs: 1000, retryMs: 1000 };

const attempts = 4;

/**
 * Takes one child to its end, whether it is begun here or was before a crash. What speaks against it ends it as rejected.
 * @param mayWait asked while another operation has the client: shall it go on waiting?
 * @returns null when it was not begun since it need not wait any longer
 * @throws OperationSuspended when it can neither go on nor fail · EventStoreUnavailable · HandedBack when the signal is aborted
 */
export const runChild = async <Data>(
  { store, execute, pace }: { store: EventStore; execute: Execute; pace: ChildPace },
  implementation: Implementation<Data>,
  child: Execution<Data>,
  mayWait: () => Promise<boolean>,
): Promise<OperationEnd | null> => {
  const { operationId, signal } = child;
  const busyUntil = performance.now() + pace.busyMs;
  for (let attempt = 1; ;) {
    try {
      return await execute(implementation, child);
    } catch (error) {
      if (signal.aborted || errorName(error) === 'EventStoreUnavailable') throw error;
      if (isRejection(error)) {
        const { faults } = error;
        const isBusy = faults.some(({ code }) => code === 'operation_in_progress');
        if (!isBusy || performance.now() > busyUntil) {
          return rejected(store, implementation, child, { faults, isBusy });
        }
        if (!(await mayWait())) return null;
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
  store: EventStore,
  { operation }: Pick<Implementation<never>, 'operation'>,
  { operationId, cause }: Pick<Execution<never>, 'operationId' | 'cause'>,
  { faults, isBusy }: { faults: readonly Fault[]; isBusy: boolean },
): Promise<OperationEnd> => {
  const failure = {
    code: isBusy ? 'client_busy' : (faults[0]?.code ?? 'rejected'),
    ...reasonOf(detailsOf(faults)),
    step: null,
  };
  const told = { kind: operation.kind };
  await rejectOperation(store, { operationId, command: operation.kind, failure, told, cause });
  return { status: 'error', cause: failure, leftovers: [] };
};
