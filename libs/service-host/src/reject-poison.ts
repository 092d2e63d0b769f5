import { deriveId } from '@alfa-cloud/contracts';
import { rejectOperation, type EventStore } from '@alfa-cloud/event-sourcing';
import type { PoisonMessage } from '@alfa-cloud/messaging';

/**
 * Makes the end of a command that nobody can handle visible in `GET /operations`. Idempotent.
 * An operation that the command has begun already keeps its own account.
 */
export const rejectPoison = async (store: EventStore, poison: PoisonMessage): Promise<void> => {
  const { command, subject, sequence, faults } = poison;
  const [fault] = faults;
  const id = command?.id ?? deriveId('poison', subject, sequence);
  await rejectOperation(store, {
    operationId: deriveId(id, 'operation'),
    command: command?.name ?? subject,
    failure: {
      code: fault?.code ?? 'command_not_understood',
      reason: faults
        .map(({ detail }) => detail)
        .join('; ')
        .slice(0, 2000),
      step: null,
    },
    cause: {
      commandId: id,
      correlationId: command?.correlationId ?? id,
      causationId: id,
      actor: command?.actor ?? 'unknown',
    },
  });
};
