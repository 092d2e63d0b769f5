import { operationOfCommand, type Command, type Fault } from '@alfa-cloud/contracts';
import type { LateOutcome } from './ports.ts';
import type { RunContext } from './run-context.ts';

const findDeadlineMs = 30_000;

/**
 * Makes visible what became of a command whose sender does not wait any more. Comes after the answer was stored, as the sender looks for the
 * answer after it has stored the receipt: so either it still gets the answer, or the receipt is found here. Repeatable.
 */
export const tellLate = async (
  context: RunContext,
  command: Command,
  outcome: LateOutcome['outcome'],
): Promise<void> => {
  const operationId = operationOfCommand(command.id);
  const receipt = await context.receipts.findNewest(operationId, findDeadlineMs, context.stopping);
  if (receipt === null) return;
  await context.options.onLate({ command, receipt, outcome });
  const { name, id } = command;
  context.logger.info(
    { command: name, commandId: id, outcome: outcome.kind },
    'A command was decided on after its sender had been answered',
  );
};

/** The same for one that was refused. */
export const refusedWith = (faults: readonly Fault[]): LateOutcome['outcome'] => ({
  kind: 'rejected',
  faults: [...faults],
});
