import { commandCatalogue, type CommandName, type ServiceName } from '@alfa-cloud/contracts';
import { retry, sleep, withDeadline } from '@alfa-cloud/service-kit';
import type { Link } from '../connection/link.ts';
import { createAcknowledgements } from './acknowledgements.ts';
import { createAttemptCounts } from './attempt-counts.ts';
import { HandedBack, type CommandServer, type CommandServerOptions } from './command-ports.ts';
import { createConcurrencyLimits } from './concurrency-limits.ts';
import { ensureConsumer } from './consumer.ts';
import { createSuspectQueue } from './crash-suspects.ts';
import { createInFlightCommand, type InFlightCommand } from './in-flight-command.ts';
import type { JetStreamDelivery } from './jetstream-delivery.ts';
import { parseCommand } from './parse-command.ts';
import { startPullLoop } from './pull-loop.ts';
import type { Receipts } from './receipts.ts';
import type { Replies } from './replies.ts';
import { runCommand } from './run-command.ts';
import type { RunContext } from './run-context.ts';

const startDeadlineMs = 30_000;
const flushMs = 2000;
const minExpiresMs = 500;
const maxExpiresMs = 5000;

/**
 * Takes the commands of a service from the queue and runs them until stopped.
 * @throws TypeError for a handler of another service's command; MessagingUnavailable when NATS does not answer within 30 s
 */
export const serveCommands = async (
  link: Link,
  { replies, receipts }: { replies: Replies; receipts: Receipts },
  service: ServiceName,
  options: CommandServerOptions,
): Promise<CommandServer> => {
  const { ackWaitMs = 10_000, maxAttempts = 5, maxInFlight = 256, handlers } = options;
  for (const name of Object.keys(handlers) as CommandName[])
    if (commandCatalogue[name].service !== service)
      throw new TypeError(`${name} is not a command that ${service} handles`);

  const stopping = new AbortController();
  const acknowledgements = createAcknowledgements(link);
  const inFlight = new Map<string, InFlightCommand>();
  const running = new Set<Promise<void>>();
  /** Deliveries during shutdown; returned to the queue at its end. */
  const tooLate: JetStreamDelivery[] = [];
  let isStopping = false;
  const context: RunContext = {
    options,
    maxAttempts,
    limits: createConcurrencyLimits(handlers),
    suspects: createSuspectQueue(),
    replies,
    receipts,
    attempts: createAttemptCounts(link),
    logger: link.logger,
    stopping: stopping.signal,
  };

  const accept = (delivery: JetStreamDelivery): void => {
    const parsed = parseCommand(delivery, service, link.limits.maxMessageBytes, (name) =>
      Object.hasOwn(handlers, name),
    );
    const key = parsed.id ?? `${delivery.born} ${delivery.sequence}`;
    const known = inFlight.get(key);
    if (known !== undefined) {
      known.join(delivery);
      return;
    }
    if (isStopping) {
      tooLate.push(delivery);
      return;
    }
    const command = createInFlightCommand(key, delivery);
    inFlight.set(key, command);
    const work = runCommand(context, delivery, parsed)
      .then((acknowledgement) => acknowledgements.acknowledge(command, acknowledgement))
      .finally(() => {
        inFlight.delete(key);
        running.delete(work);
        pulling.wake();
      });
    running.add(work);
  };

  const settings = { ackWaitMs, maxAckPending: Math.max(1000, 4 * maxInFlight) };
  const ensure = () => ensureConsumer(link, service, settings);
  await retry(ensure, { deadlineMs: startDeadlineMs });
  const pulling = startPullLoop(link, {
    consumer: service,
    expiresMs: Math.max(minExpiresMs, Math.min(maxExpiresMs, ackWaitMs / 2)),
    ensureConsumer: ensure,
    capacity: () => maxInFlight - inFlight.size,
    onDelivered: accept,
  });
  const heartbeat = setInterval(() => {
    for (const command of inFlight.values()) acknowledgements.inProgress(command);
  }, ackWaitMs / 3);

  const warn = (error: unknown) =>
    link.logger.warn({ err: error }, 'Commands may come back only after their ack wait');
  const stop = async (graceMs: number): Promise<void> => {
    isStopping = true;
    // The pull request ends first: a command returned to the queue while it is open could be delivered to this process again and get lost.
    await withDeadline(flushMs, 'ending the request for commands', () => pulling.stop()).catch(warn);
    stopping.abort(new HandedBack('The service stops'));
    for (const delivery of tooLate) acknowledgements.requeue(delivery, 0);
    const idle = new AbortController();
    await Promise.race([Promise.all(running), sleep(graceMs, idle.signal).catch(() => {})]);
    idle.abort();
    clearInterval(heartbeat);
    for (const command of inFlight.values()) {
      for (const delivery of command.deliveries()) acknowledgements.requeue(delivery, 0);
      command.release();
    }
    if (link.isReady())
      await withDeadline(flushMs, 'handing commands back', () => link.connection.flush()).catch(warn);
  };
  let stopped: Promise<void> | undefined;
  return { stop: (graceMs) => (stopped ??= stop(graceMs)) };
};
