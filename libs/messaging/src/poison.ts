import type { CommandReply, Fault } from '@alfa-cloud/contracts';
import { withDeadline } from '@alfa-cloud/service-kit';
import type { RunContext } from './run-context.ts';
import type { Delivered } from './delivered.ts';
import type { Settlement } from './settling.ts';
import type { KnownCommand, Unfit } from './understand.ts';

const recordDeadlineMs = 30_000;
const replyDeadlineMs = 30_000;

/** A sound command whose runs never end well. */
export const givenUp = (command: KnownCommand, why: string): Unfit => ({
  kind: 'poison',
  id: command.id,
  command,
  faults: [{ code: 'internal', detail: `The command was given up because ${why}` }],
});

/**
 * Makes the end of a command that can't be handled visible, tells its sender, and takes it out of the queue, in this order,
 * so that a crash in between repeats and never loses.
 */
export const endPoison = async (
  context: RunContext,
  delivered: Delivered,
  { id, command, faults }: Unfit,
): Promise<Settlement> => {
  const { subject, sequence, attempt } = delivered;
  await withDeadline(recordDeadlineMs, 'recording a poison message', () =>
    context.options.onPoison({ subject, sequence, command, faults }),
  );
  if (id !== null) {
    const reply: CommandReply = {
      outcome: 'rejected',
      fingerprint: command?.fingerprint ?? '',
      faults: faults.map(asToldToSender),
    };
    await context.replies.store(id, reply, replyDeadlineMs, context.stopping);
  }
  context.logger.error(
    { subject, sequence, attempt, commandId: id, faults },
    'A command could not be handled and was taken out',
  );
  return { kind: 'discard' };
};

/** Whatever was wrong with the shape of the message, to its sender it is one thing. */
const asToldToSender = (fault: Fault): Fault =>
  fault.code === 'internal' ? fault : { ...fault, code: 'command_not_understood' };
