import {
  isRejection,
  type Command,
  type CommandData,
  type CommandName,
  type CommandReply,
} from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import { isOutage, retryDelayMs, type RunContext } from './run-context.ts';
import type { Delivered } from './delivered.ts';
import type { CommandHandler, Delivery } from './ports.ts';

export type AnyCommand = Command<CommandData<CommandName>, CommandName>;
export type AnyHandler = CommandHandler<CommandName>;

const replyDeadlineMs = 30_000;

/**
 * One run of a handler: resolves when the command has ended, a rejection included. Outages are waited out inside,
 * with the command kept in hand, so that they don't count as attempts.
 */
export const handle = async (
  context: RunContext,
  delivered: Delivered,
  command: AnyCommand,
  handler: AnyHandler,
): Promise<void> => {
  const { logger, replies, stopping } = context;
  const { id, name, fingerprint } = command;
  const tell = (reply: CommandReply) => replies.store(id, reply, replyDeadlineMs, stopping);
  let accepting: Promise<void> | null = null;
  const delivery: Delivery = {
    command,
    attempt: delivered.attempt,
    signal: stopping,
    accepted(ids, position) {
      accepting ??= tell({ outcome: 'accepted', fingerprint, ids, position: String(position) }).catch(
        (error: unknown) => {
          // Not told yet: the next call tries again.
          accepting = null;
          throw error;
        },
      );
      return accepting;
    },
  };
  for (let outages = 1; ; outages += 1) {
    stopping.throwIfAborted();
    try {
      await handler.handle(delivery);
      return;
    } catch (error) {
      if (isRejection(error)) {
        if (accepting === null) await tell({ outcome: 'rejected', fingerprint, faults: [...error.faults] });
        else logger.error({ err: error, command: name, commandId: id }, 'Rejected after it was accepted');
        return;
      }
      if (!isOutage(context, error)) throw error;
      const delayMs = retryDelayMs(outages);
      logger.warn(
        { err: error, command: name, commandId: id, delayMs },
        'A command waits for an outage to end',
      );
      await sleep(delayMs, stopping);
    }
  }
};
