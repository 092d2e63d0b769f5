import { message, reject, streams, type OperationEvent } from '@alfa-cloud/contracts';
import {
  type Decider,
  eventIdsFor,
  type Cause,
  type EventStore,
  handleCommand,
} from '@alfa-cloud/event-sourcing';
import { evolveOperation, initialOperation, type OperationState } from '../operation/operation-state.ts';

export interface CancelRequest {
  operationId: string;
  reason: string | null;
}

/** Decides on a request to cancel. A second one has no effect; the operation may still end ok when it was in its last step. */
export const cancelDecider: Decider<OperationState, CancelRequest, OperationEvent> = {
  initialState: initialOperation,
  evolve: evolveOperation,
  decide: ({ operationId, reason }, state) => {
    switch (state.status) {
      case 'absent':
        throw reject('not_found', message`Operation ${operationId} does not exist`);
      case 'ended':
        throw reject('operation_finished', message`Operation ${operationId} has ended already`, {
          meta: { status: state.end.status },
        });
      case 'open':
        return state.cancelRequested
          ? []
          : [{ type: 'OperationCancelRequested', data: { operationId, reason } }];
      default:
        return state satisfies never;
    }
  },
};

/**
 * Asks the worker of an operation to stop, by cutting off the step at work if that may be, else before the next one.
 * @returns commit position by which the request is seen
 * @throws Rejection `not_found` · `operation_finished` · EventStoreUnavailable
 */
export const requestCancel = async (
  store: EventStore,
  { operationId, reason = null, cause }: { operationId: string; reason?: string | null; cause: Cause },
): Promise<{ position: bigint }> => {
  const { position } = await handleCommand(store, {
    stream: streams.operation(operationId),
    decider: cancelDecider,
    command: { operationId, reason },
    cause,
    eventIds: eventIdsFor(cause.commandId, 'cancel', operationId),
  });
  return { position };
};
