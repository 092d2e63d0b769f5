import type { OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore, RecordedEvent } from '@alfa-cloud/event-sourcing';
import { plannedChildrenIn } from '../operation/operation-state.ts';
import { ownSteps } from '../bulk/bulk-steps.ts';
import { standingsOf } from '../bulk/child.ts';

/**
 * Clients whose part in an operation over many did not end ok, or all while what is done for them together was not; nothing of an operation that
 * has decided on no clients.
 */
export const clientsLeft = async (
  store: EventStore,
  events: readonly RecordedEvent<OperationEvent>[],
): Promise<{ clientIds?: string[] }> => {
  const planned = plannedChildrenIn(events);
  if (planned === null) return {};
  const { children } = planned;
  const standings = await standingsOf(store, children, async () => false);
  const isOk = (index: number): boolean => {
    const standing = standings[index];
    return standing?.status === 'ended' && standing.end.status === 'ok';
  };
  const left = isCommonDone(events) ? children.filter((_, index) => !isOk(index)) : children;
  return { clientIds: left.map(({ clientId }) => clientId) };
};

/** Is done what comes after the part of each, if there is such a thing? */
const isCommonDone = (events: readonly OperationEvent[]): boolean => {
  const [first] = events;
  const steps = first?.type === 'OperationAccepted' ? first.data.steps : [];
  const common = steps.filter((name) => !ownSteps.has(name));
  const done = new Set(
    events.flatMap(({ type, data }) => (type === 'OperationStepCompleted' ? [data.step] : [])),
  );
  return common.every((name) => done.has(name));
};
