import { message, newId, reject, streams, type BulkEvent, type BulkKind } from '@alfa-cloud/contracts';
import { fold, handleCommand, type Cause, type Decider, type EventStore } from '@alfa-cloud/event-sourcing';
import { errorName, retry } from '@alfa-cloud/service-kit';

/** An operation over many clients that has begun and not ended. */
export interface BulkUnderWay {
  operationId: string;
  /** Servers on which its clients live; null: all. */
  serverIds: readonly string[] | null;
}

type UnderWayCommand =
  | { type: 'begin'; kind: BulkKind; operation: BulkUnderWay }
  | { type: 'end'; kind: BulkKind; operationId: string };

/** Lets operations of one kind run side by side over different servers, and refuses one that overlaps with another. */
export const underWayDecider: Decider<readonly BulkUnderWay[], UnderWayCommand, BulkEvent> = {
  initialState: () => [],
  evolve: (underWay, { type, data }) =>
    type === 'BulkOperationBegun'
      ? [...underWay, { operationId: data.operationId, serverIds: data.serverIds }]
      : underWay.filter(({ operationId }) => operationId !== data.operationId),
  decide: (command, underWay) => {
    const { kind } = command;
    switch (command.type) {
      case 'begin': {
        const { operationId, serverIds } = command.operation;
        if (underWay.some((other) => other.operationId === operationId)) return [];
        const other = overlapping(underWay, serverIds);
        if (other !== null) throw inProgress(kind, other);
        const ids = serverIds === null ? null : [...serverIds];
        return [{ type: 'BulkOperationBegun', data: { operationId, kind, serverIds: ids } }];
      }
      case 'end': {
        const { operationId } = command;
        const isUnderWay = underWay.some((other) => other.operationId === operationId);
        return isUnderWay ? [{ type: 'BulkOperationEnded', data: { operationId, kind } }] : [];
      }
      default:
        return command satisfies never;
    }
  },
};

const overlapping = (
  underWay: readonly BulkUnderWay[],
  serverIds: BulkUnderWay['serverIds'],
): BulkUnderWay | null =>
  underWay.find(
    (other) =>
      serverIds === null ||
      other.serverIds === null ||
      other.serverIds.some((serverId) => serverIds.includes(serverId)),
  ) ?? null;

const inProgress = (kind: BulkKind, { operationId }: BulkUnderWay) =>
  reject(
    'operation_in_progress',
    message`Operation ${kind} (${operationId}) over these clients has not ended yet`,
    {
      meta: { operationId, kind },
    },
  );

/** Many that begin in the same moment write to one stream: each conflict means that one of them got through. */
const contention = { deadlineMs: 30_000, firstDelayMs: 20, maxDelayMs: 500 } as const;

const decide = async (store: EventStore, command: UnderWayCommand, cause: Cause): Promise<void> => {
  await retry(
    () => {
      // Not derived from the operation: one that was refused after its begin may begin once more. The decision itself is repeatable.
      const eventId = newId();
      return handleCommand(store, {
        stream: streams.bulk(command.kind),
        decider: underWayDecider,
        command,
        cause,
        eventIds: () => eventId,
      });
    },
    { ...contention, isRetryable: (error) => errorName(error) === 'WrongRevision' },
  );
};

/**
 * Begins an operation over many clients; again after a crash it has no effect.
 * @throws Rejection `operation_in_progress` with `meta.operationId` and `meta.kind` of one over the same servers that has not ended
 */
export const beginBulk = (
  store: EventStore,
  kind: BulkKind,
  operation: BulkUnderWay,
  cause: Cause,
): Promise<void> => decide(store, { type: 'begin', kind, operation }, cause);

/** Lets others over the same clients begin. No-op when the operation has ended there already or never begun. */
export const endBulk = (
  store: EventStore,
  kind: BulkKind,
  operationId: string,
  cause: Cause,
): Promise<void> => decide(store, { type: 'end', kind, operationId }, cause);

/** The operation of the kind that would keep one over these servers from beginning now; null when none would. */
export const bulkInTheWay = async (
  store: EventStore,
  kind: BulkKind,
  serverIds: BulkUnderWay['serverIds'],
): Promise<BulkUnderWay | null> => {
  const { events } = await store.read<BulkEvent>(streams.bulk(kind));
  return overlapping(fold(underWayDecider, events), serverIds);
};
