import { newId, type Command } from '@alfa-cloud/contracts';
import type { Cause } from '@alfa-cloud/event-sourcing';

/** What the events of a command say about their origin. */
export const causeOf = (command: Command): Cause => ({
  commandId: command.id,
  correlationId: command.correlationId,
  causationId: command.id,
  actor: command.actor,
});

/** Origin of what Alfa Cloud records on its own account, without a command: what it has observed or put right. */
export const ownCause = (): Cause => {
  const id = newId();
  return { commandId: id, correlationId: id, causationId: id, actor: 'alfa-cloud' };
};
