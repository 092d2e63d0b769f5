import {
  madeId,
  type Command,
  type CommandData,
  type CommandName,
  type CommandReply,
  type Receipt,
} from '@alfa-cloud/contracts';
import type { CommandHandlers, CommandSender, ReceiptFinder } from '../commands/command-ports.ts';
import { MessagingUnavailable } from '../connection/messaging-unavailable.ts';
import { deliver } from './deliver.ts';

type AnyCommand = Command<CommandData<CommandName>, CommandName>;

/** A {@link CommandSender} that records what was sent and answers as the test says. */
export interface FakeCommandSender extends CommandSender {
  /** Commands in the order of sending, each id once. */
  readonly sent: readonly AnyCommand[];
  /** The receipts of commands that were answered `stored`. */
  readonly receipts: ReceiptFinder;
}

/**
 * @param answer the reply to a command; `stored` for none in time; `unavailable` for an outage of NATS. Called for each command id until there is a reply.
 */
export const fakeCommandSender = (
  answer: (
    command: AnyCommand,
  ) => CommandReply | 'stored' | 'unavailable' | Promise<CommandReply | 'stored' | 'unavailable'>,
): FakeCommandSender => {
  const sent: AnyCommand[] = [];
  const answers = new Map<string, ReturnType<typeof answer>>();
  const receipts: Receipt[] = [];
  return {
    sent,
    receipts: {
      find: async (id) =>
        receipts.find((receipt) => receipt.operationId === id || madeId(receipt) === id) ?? null,
    },
    async send(command, { receipt }) {
      const known = answers.get(command.id);
      const given = known ?? answer(command);
      const outcome = await given;
      if (outcome === 'unavailable') throw new MessagingUnavailable('NATS is away');
      if (!sent.some(({ id }) => id === command.id)) sent.push(command);
      if (outcome === 'stored' && receipt !== undefined) receipts.push(receipt);
      if (outcome !== 'stored') answers.set(command.id, given);
      return outcome === 'stored' ? { kind: 'stored' } : { kind: 'reply', reply: outcome };
    },
  };
};

/** A {@link CommandSender} that gives each command directly to its handler. A repeated id gets the first reply and does not run again. */
export const commandSenderOf = (handlers: CommandHandlers): FakeCommandSender =>
  fakeCommandSender(async (command) => {
    const { reply, error } = await deliver(handlers, command);
    if (reply === null && error !== null) throw error;
    return reply ?? 'stored';
  });
