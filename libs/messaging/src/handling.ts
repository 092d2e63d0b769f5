import {
  isRejection,
  operationOfCommand,
  type Command,
  type CommandData,
  type CommandName,
  type CommandReply,
  type Rejection,
} from '@alfa-cloud/contracts';
import { sleep } from '@alfa-cloud/service-kit';
import type { Delivered } from './delivered.ts';
import { refusedWith, tellLate } from './late.ts';
import type { CommandHandler, Delivery } from './ports.ts';
import { isOutage, retryDelayMs, type RunContext } from './run-context.ts';

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
  const { logger, stopping } = context;
  const { id, name } = command;
  let accepting: Promise<void> | null = null;
  const delivery: Delivery = {
    command,
    attempt: delivered.attempt,
    signal: stopping,
    accepted(ids, position) {
      accepting ??= tellAccepted(context, command, ids, position).catch((error: unknown) => {
        // Not told yet: the next call tries again.
        accepting = null;
        throw error;
      });
      return accepting;
    },
  };
  const rejection = await waitingOut(context, command, () => rejectionOf(handler.handle(delivery)));
  if (rejection === null) return;
  if (accepting === null) await waitingOut(context, command, () => tellRejected(context, command, rejection));
  else logger.error({ err: rejection, command: name, commandId: id }, 'Rejected after it was accepted');
};

/** An operation of its own tells by itself what comes of the command; without one somebody else has to. */
const tellAccepted = async (
  context: RunContext,
  command: AnyCommand,
  ids: Record<string, string>,
  position: bigint,
): Promise<void> => {
  const { fingerprint } = command;
  await tell(context, command, { outcome: 'accepted', fingerprint, ids, position: String(position) });
  if (ids['operationId'] !== operationOfCommand(command.id))
    await tellLate(context, command, { kind: 'accepted' });
};

const tellRejected = async (
  context: RunContext,
  command: AnyCommand,
  { faults }: Rejection,
): Promise<void> => {
  const { fingerprint } = command;
  await tell(context, command, { outcome: 'rejected', fingerprint, faults: [...faults] });
  await tellLate(context, command, refusedWith(faults));
};

const tell = (context: RunContext, { id }: AnyCommand, reply: CommandReply): Promise<void> =>
  context.replies.store(id, reply, replyDeadlineMs, context.stopping);

const rejectionOf = async (work: Promise<void>): Promise<Rejection | null> => {
  try {
    await work;
    return null;
  } catch (error) {
    if (isRejection(error)) return error;
    throw error;
  }
};

const waitingOut = async <T>(
  context: RunContext,
  { id, name }: AnyCommand,
  act: () => Promise<T>,
): Promise<T> => {
  const { logger, stopping } = context;
  for (let outages = 1; ; outages += 1) {
    stopping.throwIfAborted();
    try {
      return await act();
    } catch (error) {
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
