import { operationOfCommand, type Command, type Fault } from '@alfa-cloud/contracts';
import type { LateDecision } from './command-ports.ts';
import type { RunContext } from './run-context.ts';

const findDeadlineMs = 30_000;

/**
 * Reports the decision on a command whose sender has stopped waiting. To be called after the reply was stored: the sender stores its receipt
 * and then looks for the reply, so either it finds the reply or the receipt is found here. Idempotent.
 */
export const reportIfLate = async (
  context: RunContext,
  command: Command,
  outcome: LateDecision['outcome'],
): Promise<void> => {
  const operationId = operationOfCommand(command.id);
  const receipt = await context.receipts.findNewest(operationId, findDeadlineMs, context.stopping);
  if (receipt === null) return;
  await context.options.onLateDecision({ command, receipt, outcome });
  const { name, id } = command;
  context.logger.info(
    { command: name, commandId: id, outcome: outcome.kind },
    'A command was decided on after its sender had been answered',
  );
};

export const rejectedWith = (faults: readonly Fault[]): LateDecision['outcome'] => ({
  kind: 'rejected',
  faults: [...faults],
});
