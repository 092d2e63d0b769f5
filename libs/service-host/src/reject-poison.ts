import { deriveId, operationOfCommand } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { rejectOperation } from '@alfa-cloud/operations';
import type { PoisonMessage } from '@alfa-cloud/messaging';
import { failureOf, targetOf } from './record-late-decision.ts';

/**
 * Makes the end of a command that nobody can handle visible in `GET /operations`. Idempotent.
 * An operation that the command has begun already keeps its own account.
 */
export const rejectPoison = async (store: EventStore, poison: PoisonMessage): Promise<void> => {
  const { command, subject, sequence, faults } = poison;
  const id = command?.id ?? deriveId('poison', subject, sequence);
  const failure = failureOf(faults);
  await rejectOperation(store, {
    operationId: operationOfCommand(id),
    command: command?.name ?? subject,
    failure: faults.length === 0 ? { ...failure, code: 'command_not_understood' } : failure,
    ...(command === null ? {} : { target: targetOf(command) }),
    cause: {
      commandId: id,
      correlationId: command?.correlationId ?? id,
      causationId: id,
      actor: command?.actor ?? 'unknown',
    },
  });
};
