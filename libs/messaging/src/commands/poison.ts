import {
  type CommandReply,
  type Fault,
  message,
  type Message,
  operationOfCommand,
  type Receipt,
  told,
} from '@alfa-cloud/contracts';
import { withDeadline } from '@alfa-cloud/service-kit';
import type { Acknowledgement } from './acknowledgements.ts';
import type { JetStreamDelivery } from './jetstream-delivery.ts';
import type { KnownCommand, PoisonCommand } from './parse-command.ts';
import type { RunContext } from './run-context.ts';

const findDeadlineMs = 30_000;
const recordDeadlineMs = 30_000;
const replyDeadlineMs = 30_000;

/** A valid command that is given up because its runs fail. */
export const givenUp = (command: KnownCommand, why: Message): PoisonCommand => ({
  kind: 'poison',
  id: command.id,
  command,
  faults: [{ code: 'internal', ...told(message`The command was given up because ${why}`) }],
});

/**
 * Records the end of a command that can't be handled, replies to its sender, and removes it from the queue. In this order, so that after a
 * crash in between a step is repeated and none is lost.
 */
export const endPoison = async (
  context: RunContext,
  delivery: JetStreamDelivery,
  { id, command, faults }: PoisonCommand,
): Promise<Acknowledgement> => {
  const { subject, sequence, attempt } = delivery;
  const receipt = id === null ? null : await receiptOf(context, id);
  await withDeadline(recordDeadlineMs, 'recording a poison message', () =>
    context.options.onPoison({
      subject,
      sequence,
      command,
      faults,
      ...(receipt === null ? {} : { receipt }),
    }),
  );
  if (id !== null) {
    const reply: CommandReply = {
      outcome: 'rejected',
      fingerprint: command?.fingerprint ?? '',
      faults: faults.map(asSentToSender),
    };
    await context.replies.store(id, reply, replyDeadlineMs, context.stopping);
  }
  context.logger.error(
    { subject, sequence, attempt, commandId: id, faults },
    'A command could not be handled and was taken out',
  );
  return { kind: 'terminate' };
};

const receiptOf = ({ receipts, stopping }: RunContext, commandId: string): Promise<Receipt | null> =>
  receipts.findNewest(operationOfCommand(commandId), findDeadlineMs, stopping);

/** The sender gets one fault code for whatever is wrong with the shape of the message. */
const asSentToSender = (fault: Fault): Fault =>
  fault.code === 'internal' ? fault : { ...fault, code: 'command_not_understood' };
