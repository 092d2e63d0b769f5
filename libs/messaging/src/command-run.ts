import { errorName } from '@alfa-cloud/service-kit';
import type { Delivered } from './delivered.ts';
import { handle, type AnyHandler } from './handling.ts';
import { refusedWith, tellLate } from './late.ts';
import { endPoison, givenUp } from './poison.ts';
import { isOutage, retryDelayMs, type RunContext } from './run-context.ts';
import type { Settlement } from './settling.ts';
import type { KnownCommand, Understood } from './understand.ts';

const handedBackDelayMs = 1000;

const isHandedBack = (error: unknown): boolean => errorName(error) === 'HandedBack';

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
    // A command that another worker owns would otherwise go round and round.
    if (isHandedBack(error))
      return { kind: 'back', delayMs: context.stopping.aborted ? 0 : handedBackDelayMs };
    const { subject, sequence, attempt } = delivered;
    const delayMs = retryDelayMs(attempt);
    context.logger.warn(
      { err: error, subject, sequence, commandId: understood.id, attempt, delayMs },
      'A command goes back to the queue',
    );
    return { kind: 'back', delayMs };
  }
};

const runKnown = async (
  context: RunContext,
  delivered: Delivered,
  command: KnownCommand,
): Promise<Settlement> => {
  const { options, maxAttempts, attempts, stopping } = context;
  const { id, name } = command;
  const handler = options.handlers[name] as AnyHandler;
  const isRepeated = delivered.attempt > 1;
  const isUnderWay = async () => (await handler.isUnderWay?.(command)) === true;

  const told = isRepeated ? await context.replies.find(id) : null;
  if (told?.outcome === 'rejected') {
    // Its sender was told no; deciding anew might say yes by now.
    await tellLate(context, command, refusedWith(told.faults));
    return { kind: 'done' };
  }
  const keepsAccount = isRepeated && (await isUnderWay());
  const runs = isRepeated && !keepsAccount ? await attempts.count(id) : 0;
  const runsWithFirst = runs + 1;
  if (isRepeated && !keepsAccount && runsWithFirst >= maxAttempts)
    return await endPoison(context, delivered, givenUp(command, 'it was begun too often without an end'));

  const begin = async (): Promise<void> => {
    if (isRepeated && !keepsAccount) await attempts.write(id, runs + 1);
    try {
      await handle(context, delivered, command, handler);
    } catch (error) {
      if (isHandedBack(error) && isRepeated && !keepsAccount) await attempts.write(id, runs);
      throw error;
    }
  };
  const isSuspect = runs > 0;
  try {
    await context.lanes.run(
      name,
      () => (isSuspect ? context.suspects.run(begin, stopping) : begin()),
      stopping,
    );
    return { kind: 'done' };
  } catch (error) {
    if (isHandedBack(error) || isOutage(context, error)) throw error;
    const failed = isRepeated ? runsWithFirst + 1 : 1;
    if (failed < maxAttempts || (await isUnderWay())) throw error;
    context.logger.error({ err: error, command: name, commandId: id }, 'A command failed for good');
    return await endPoison(context, delivered, givenUp(command, 'it failed too often'));
  }
};
