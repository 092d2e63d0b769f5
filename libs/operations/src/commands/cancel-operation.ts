import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { CommandHandler } from '@alfa-cloud/messaging';
import { causeOf } from './cause.ts';
import { requestCancel } from './request-cancel.ts';

/** Records the request on the operation's stream; the worker that runs the operation sees it within a second. */
export const cancelOperationHandler = (store: EventStore): CommandHandler<'CancelOperation'> => ({
  async handle(delivery) {
    const { command } = delivery;
    const { operationId, reason = null } = command.data;
    const { position } = await requestCancel(store, { operationId, reason, cause: causeOf(command) });
    await delivery.accepted({ operationId }, position);
  },
});
