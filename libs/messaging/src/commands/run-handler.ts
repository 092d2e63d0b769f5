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
import type { CommandHandler, Delivery } from './command-ports.ts';
import type { JetStreamDelivery } from './jetstream-delivery.ts';
import { rejectedWith, reportIfLate } from './late-decision.ts';
import { isOutage, retryDelayMs, type RunContext } from './run-context.ts';

export type AnyCommand = Command<CommandData<CommandName>, CommandName>;
export type AnyHandler = CommandHandler<CommandName>;

const replyDeadlineMs = 30_000;

/**
 * One run of a handler; resolves when the command has ended, by a rejection too. After an outage the handler is called again, with the command
 * kept by this process, so that outages don't count as attempts.
 */
export const runHandler = async (
  context: RunContext,
  { attempt }: JetStreamDelivery,
  command: AnyCommand,
  handler: AnyHandler,
): Promise<void> => {
  const { logger, stopping } = context;
  const { id, name } = command;
  let accepting: Promise<void> | null = null;
  const delivery: Delivery = {
    command,
    attempt,
    signal: stopping,
    accepted(ids, position) {
      accepting ??= replyAccepted(context, command, ids, position).catch((error: unknown) => {
        // The reply was not stored: the next call tries again.
        accepting = null;
        throw error;
      });
      return accepting;
    },
  };
  const rejection = await repeatingAfterOutages(context, command, () =>
    rejectionOf(handler.handle(delivery)),
  );
  if (rejection === null) return;
  if (accepting === null)
    await repeatingAfterOutages(context, command, () => replyRejected(context, command, rejection));
  else logger.error({ err: rejection, command: name, commandId: id }, 'Rejected after it was accepted');
};

/** What becomes of the command is recorded by its operation; the acceptance of a command without one has to be reported. */
const replyAccepted = async (
  context: RunContext,
  command: AnyCommand,
  ids: Record<string, string>,
  position: bigint,
): Promise<void> => {
  const { fingerprint } = command;
  await storeReply(context, command, { outcome: 'accepted', fingerprint, ids, position: String(position) });
  if (ids['operationId'] !== operationOfCommand(command.id))
    await reportIfLate(context, command, { kind: 'accepted' });
};

const replyRejected = async (
  context: RunContext,
  command: AnyCommand,
  { faults }: Rejection,
): Promise<void> => {
  const { fingerprint } = command;
  await storeReply(context, command, { outcome: 'rejected', fingerprint, faults: [...faults] });
  await reportIfLate(context, command, rejectedWith(faults));
};

const storeReply = (context: RunContext, { id }: AnyCommand, reply: CommandReply): Promise<void> =>
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

const repeatingAfterOutages = async <T>(
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
