import {
  isRejection,
  type Command,
  type CommandData,
  type CommandName,
  type CommandReply,
  type Fault,
} from '@alfa-cloud/contracts';
import { errorName, sleep, withDeadline, type Logger } from '@alfa-cloud/service-kit';
import type { Delivered } from './delivered.ts';
import { HandedBack, type CommandHandler, type CommandServerOptions, type Delivery } from './ports.ts';
import type { Lanes } from './lanes.ts';
import type { Replies } from './replies.ts';
import type { Settlement } from './settling.ts';
import type { KnownCommand, Understood } from './understand.ts';

export interface RunContext {
  options: CommandServerOptions;
  maxAttempts: number;
  lanes: Lanes;
  replies: Replies;
  logger: Logger;
  /** Aborted when the service stops. */
  stopping: AbortSignal;
}

const replyDeadlineMs = 30_000;
const poisonDeadlineMs = 30_000;
const handedBackDelayMs = 1000;

/** Pause before delivery `attempt + 1`: 1 s, doubled up to 30 s. */
export const retryDelayMs = (attempt: number): number =>
  Math.min(30_000, 1000 * 2 ** Math.min(attempt - 1, 10));

const isKnownOutage = (error: unknown): boolean =>
  ['MessagingUnavailable', 'EventStoreUnavailable'].includes(errorName(error) ?? '');

type AnyHandler = CommandHandler<CommandName>;
type AnyCommand = Command<CommandData<CommandName>, CommandName>;

/** Takes one delivered command to its end and says what becomes of the delivery. Never throws. */
export const runCommand = async (
  context: RunContext,
  delivered: Delivered,
  understood: Understood,
): Promise<Settlement> => {
  try {
    if (understood.kind === 'poison') return await endPoison(context, delivered, understood);
    return await runKnown(context, delivered, understood.command);
  } catch (error) {
    if (errorName(error) === 'HandedBack')
      return { kind: 'back', delayMs: context.stopping.aborted ? 0 : handedBackDelayMs };
    const delayMs = retryDelayMs(delivered.attempt);
    context.logger.warn(
      { err: error, ...nameOf(delivered, understood), attempt: delivered.attempt, delayMs },
      'A command goes back to the queue',
    );
    return { kind: 'back', delayMs };
  }
};

const nameOf = (delivered: Delivered, understood: Understood) =>
  understood.kind === 'command'
    ? { command: understood.command.name, commandId: understood.id }
    : { subject: delivered.subject, sequence: delivered.sequence };

const runKnown = async (
  context: RunContext,
  delivered: Delivered,
  command: KnownCommand,
): Promise<Settlement> => {
  const { options, maxAttempts, replies, stopping } = context;
  const handler = options.handlers[command.name] as AnyHandler;
  const isUnderWay = async () => (await handler.isUnderWay?.(command)) === true;
  if (delivered.attempt > 1) {
    // Its sender was told no; deciding anew might say yes by now.
    const told = await replies.find(command.id);
    if (told?.outcome === 'rejected') return { kind: 'done' };
  }
  if (delivered.attempt > maxAttempts && !(await isUnderWay()))
    return await endPoison(context, delivered, tooOften(command, 'it was begun too often without an end'));
  try {
    return await context.lanes.run(
      command.name,
      () => handle(context, delivered, command, handler),
      stopping,
    );
  } catch (error) {
    if (errorName(error) === 'HandedBack') throw error;
    if (delivered.attempt < maxAttempts || (await isUnderWay())) throw error;
    context.logger.error(
      { err: error, command: command.name, commandId: command.id },
      'A command failed for good',
    );
    return await endPoison(context, delivered, tooOften(command, 'it failed too often'));
  }
};

const tooOften = (command: KnownCommand, why: string): Understood & { kind: 'poison' } => ({
  kind: 'poison',
  id: command.id,
  command,
  faults: [{ code: 'internal', detail: `The command was given up because ${why}` }],
});

const handle = async (
  context: RunContext,
  delivered: Delivered,
  command: AnyCommand,
  handler: AnyHandler,
): Promise<Settlement> => {
  const { options, logger, replies, stopping } = context;
  const isOutage = options.isOutage ?? isKnownOutage;
  const { id, fingerprint } = command;
  const tell = (reply: CommandReply) => replies.store(id, reply, replyDeadlineMs, stopping);
  let accepting: Promise<void> | null = null;
  const delivery: Delivery = {
    command,
    attempt: delivered.attempt,
    signal: stopping,
    accepted(ids, position) {
      const reply: CommandReply = { outcome: 'accepted', fingerprint, ids, position: String(position) };
      accepting ??= tell(reply).catch((error: unknown) => {
        accepting = null;
        throw error;
      });
      return accepting;
    },
  };
  for (let outages = 1; ; outages += 1) {
    stopping.throwIfAborted();
    try {
      await handler.handle(delivery);
      return { kind: 'done' };
    } catch (error) {
      if (isRejection(error)) {
        if (accepting === null) await tell({ outcome: 'rejected', fingerprint, faults: [...error.faults] });
        else
          logger.error(
            { err: error, command: command.name, commandId: id },
            'Rejected after it was accepted',
          );
        return { kind: 'done' };
      }
      if (stopping.aborted && error === stopping.reason) throw new HandedBack('The service stops');
      if (!isOutage(error)) throw error;
      const delayMs = retryDelayMs(outages);
      logger.warn(
        { err: error, command: command.name, commandId: id, delayMs },
        'A command waits for an outage to end',
      );
      await sleep(delayMs, stopping);
    }
  }
};

/** Makes the end of a command that can't be handled visible, tells its sender, and takes it out of the queue. */
const endPoison = async (
  context: RunContext,
  delivered: Delivered,
  poison: Understood & { kind: 'poison' },
): Promise<Settlement> => {
  const { options, replies, logger, stopping } = context;
  const { id, command, faults } = poison;
  const { subject, sequence, attempt } = delivered;
  await withDeadline(poisonDeadlineMs, 'recording a poison message', () =>
    options.onPoison({ subject, sequence, command, faults }),
  );
  if (id !== null) {
    const fingerprint = command?.fingerprint ?? '';
    const reply: CommandReply = { outcome: 'rejected', fingerprint, faults: faultsForSender(faults) };
    await replies.store(id, reply, replyDeadlineMs, stopping);
  }
  logger.error(
    { subject, sequence, attempt, commandId: id, faults },
    'A command could not be handled and was taken out',
  );
  return { kind: 'discard' };
};

/** Whatever was wrong inside the message, to its sender it is one thing. */
const faultsForSender = (faults: readonly Fault[]): Fault[] =>
  faults.every(({ code }) => code === 'internal' || code === 'command_not_understood')
    ? [...faults]
    : faults.map(({ detail, pointer }) => ({
        code: 'command_not_understood',
        detail,
        ...(pointer !== undefined && { pointer }),
      }));
