import type { Command } from '@alfa-cloud/contracts';
import type { Cause } from '@alfa-cloud/event-sourcing';

/** What the events of a command say about their origin. */
export const causeOf = (command: Command): Cause => ({
  commandId: command.id,
  correlationId: command.correlationId,
  causationId: command.id,
  actor: command.actor,
});
