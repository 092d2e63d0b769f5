import { message } from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';
import type { Acknowledgement } from './acknowledgements.ts';
import type { JetStreamDelivery } from './jetstream-delivery.ts';
import { rejectedWith, reportIfLate } from './late-decision.ts';
import type { KnownCommand, ParsedCommand } from './parse-command.ts';
import { endPoison, givenUp } from './poison.ts';
import { isOutage, retryDelayMs, type RunContext } from './run-context.ts';
import { runHandler, type AnyHandler } from './run-handler.ts';

const handedBackDelayMs = 1000;

const isHandedBack = (error: unknown): boolean => errorName(error) === 'HandedBack';

/** Runs one delivered command and decides how it is acknowledged. Never throws. */
export const runCommand = async (
  context: RunContext,
  delivery: JetStreamDelivery,
  parsed: ParsedCommand,
): Promise<Acknowledgement> => {
  try {
    if (parsed.kind === 'poison') return await endPoison(context, delivery, parsed);
    return await runKnown(context, delivery, parsed.command);
  } catch (error) {
    // While another worker owns the command, it is delivered again with a pause.
    if (isHandedBack(error))
      return { kind: 'requeue', delayMs: context.stopping.aborted ? 0 : handedBackDelayMs };
    const { subject, sequence, attempt } = delivery;
    const delayMs = retryDelayMs(attempt);
    context.logger.warn(
      { err: error, subject, sequence, commandId: parsed.id, attempt, delayMs },
      'A command goes back to the queue',
    );
    return { kind: 'requeue', delayMs };
  }
};

const runKnown = async (
  context: RunContext,
  delivery: JetStreamDelivery,
  command: KnownCommand,
): Promise<Acknowledgement> => {
  const { options, maxAttempts, attempts, stopping } = context;
  const { id, name } = command;
  const handler = options.handlers[name] as AnyHandler;
  const isRepeated = delivery.attempt > 1;
  const isUnderWay = async () => (await handler.isUnderWay?.(command)) === true;

  const reply = isRepeated ? await context.replies.find(id) : null;
  if (reply?.outcome === 'rejected') {
    // The sender was told of the rejection; a second decision might differ.
    await reportIfLate(context, command, rejectedWith(reply.faults));
    return { kind: 'ack' };
  }
  const countsItself = isRepeated && (await isUnderWay());
  const runs = isRepeated && !countsItself ? await attempts.count(id) : 0;
  const runsWithFirst = runs + 1;
  if (isRepeated && !countsItself && runsWithFirst >= maxAttempts)
    return await endPoison(
      context,
      delivery,
      givenUp(command, message`it was begun too often without an end`),
    );

  const begin = async (): Promise<void> => {
    if (isRepeated && !countsItself) await attempts.store(id, runs + 1);
    try {
      await runHandler(context, delivery, command, handler);
    } catch (error) {
      if (isHandedBack(error) && isRepeated && !countsItself) await attempts.store(id, runs);
      throw error;
    }
  };
  const isSuspect = runs > 0;
  try {
    await context.limits.run(
      name,
      () => (isSuspect ? context.suspects.run(begin, stopping) : begin()),
      stopping,
    );
    return { kind: 'ack' };
  } catch (error) {
    if (isHandedBack(error) || isOutage(context, error)) throw error;
    const failed = isRepeated ? runsWithFirst + 1 : 1;
    if (failed < maxAttempts || (await isUnderWay())) throw error;
    context.logger.error({ err: error, command: name, commandId: id }, 'A command failed for good');
    return await endPoison(context, delivery, givenUp(command, message`it failed too often`));
  }
};
