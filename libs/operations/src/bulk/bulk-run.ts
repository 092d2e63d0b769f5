import { streams, type BulkPlanView, type OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Execute } from '../execution/execute.ts';
import type { Execution } from '../execution/execution.ts';
import type { Implementation } from '../execution/implementation.ts';
import type { PlannedChildren } from '../operation/operation.ts';
import { plannedChildrenIn } from '../operation/operation-state.ts';
import { standingsOf, type Child, type ChildPace, type Standing } from './child.ts';
import type { NameOf } from './progress.ts';

/** An operation that runs another one, its child, on each of many clients. */
export interface Bulk<ChildData> {
  store: EventStore;
  execute: Execute;
  pace: ChildPace;
  child: Implementation<ChildData>;
  /** What the child of a client is asked for. */
  dataOf: (child: Child) => ChildData;
  /**
   * Decides which clients it takes, in which order. The first answer is recorded and stays.
   * @param from position of an event that the answer must have taken in
   */
  planFrom: (from: bigint | null, signal: AbortSignal) => Promise<BulkPlanView>;
  /** Has the child begun on its client? */
  hasBegun: (child: Child) => Promise<boolean>;
  nameOf: NameOf;
}

/** One run of it, as its steps see it. */
export interface BulkRun<ChildData = unknown> extends Bulk<ChildData> {
  execution: Execution<unknown>;
  /** The recorded plan; null before there is a whole one. */
  recordedPlan: () => Promise<PlannedChildren | null>;
  /** @throws Error before there is a whole one */
  plan: () => Promise<PlannedChildren>;
  standings: (plan: PlannedChildren) => Promise<Standing[]>;
}

export const bulkRun = <ChildData>(
  bulk: Bulk<ChildData>,
  execution: Execution<unknown>,
): BulkRun<ChildData> => {
  const { operationId } = execution;
  const recordedPlan = async (): Promise<PlannedChildren | null> => {
    const { events } = await bulk.store.read<OperationEvent>(streams.operation(operationId));
    return plannedChildrenIn(events);
  };
  return {
    ...bulk,
    execution,
    recordedPlan,
    async plan() {
      const plan = await recordedPlan();
      if (plan === null) throw new Error(`Operation ${operationId} has decided on no clients`);
      return plan;
    },
    standings: ({ children }) => standingsOf(bulk.store, children, bulk.hasBegun),
  };
};
