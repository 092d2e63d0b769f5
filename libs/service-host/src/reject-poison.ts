import { deriveId, operationOfCommand } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { rejectOperation } from '@alfa-cloud/operations';
import type { PoisonMessage } from '@alfa-cloud/messaging';
import { failureOf, targetOf, toldBy } from './record-late-decision.ts';

/**
 * Records the end of a poison command, so that `GET /operations` shows it. Idempotent.
 * An operation that the command has already begun is left unchanged.
 */
export const rejectPoison = async (store: EventStore, poison: PoisonMessage): Promise<void> => {
  const { command, subject, sequence, faults, receipt } = poison;
  const id = command?.id ?? deriveId('poison', subject, sequence);
  const failure = failureOf(faults);
  await rejectOperation(store, {
    operationId: operationOfCommand(id),
    command: command?.name ?? subject,
    failure: faults.length === 0 ? { ...failure, code: 'command_not_understood' } : failure,
    ...(command === null ? {} : { target: targetOf(command) }),
    ...(receipt === undefined ? {} : { target: receipt.target, told: toldBy(receipt) }),
    cause: {
      commandId: id,
      correlationId: command?.correlationId ?? id,
      causationId: id,
      actor: command?.actor ?? 'unknown',
    },
  });
};
