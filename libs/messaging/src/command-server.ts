import { commandCatalogue, type CommandName, type ServiceName } from '@alfa-cloud/contracts';
import { retry, sleep, withDeadline } from '@alfa-cloud/service-kit';
import { createAttempts, createSuspectQueue } from './attempts.ts';
import { runCommand } from './command-run.ts';
import { ensureConsumer } from './consumer.ts';
import type { Delivered } from './delivered.ts';
import { createLanes } from './lanes.ts';
import type { Link } from './link.ts';
import { HandedBack, type CommandServer, type CommandServerOptions } from './ports.ts';
import { startPulling } from './pulling.ts';
import type { Receipts } from './receipts.ts';
import type { Replies } from './replies.ts';
import type { RunContext } from './run-context.ts';
import { createSettling } from './settling.ts';
import { take, type Taken } from './taken.ts';
import { understand } from './understand.ts';

const startDeadlineMs = 30_000;
const flushMs = 2000;
const minExpiresMs = 500;
const maxExpiresMs = 5000;

/**
 * Takes the commands of a service from the queue and runs them until stopped.
 * @throws TypeError for a handler of another service's command · MessagingUnavailable when NATS does not answer within 30 s
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
  const settling = createSettling(link);
  const taken = new Map<string, Taken>();
  const running = new Set<Promise<void>>();
  /** Came while we were taking leave; handed back with the rest. */
  const late: Delivered[] = [];
  let isLeaving = false;
  const context: RunContext = {
    options,
    maxAttempts,
    lanes: createLanes(handlers),
    suspects: createSuspectQueue(),
    replies,
    receipts,
    attempts: createAttempts(link),
    logger: link.logger,
    stopping: stopping.signal,
  };

  const takeIn = (delivered: Delivered): void => {
    const understood = understand(delivered, service, link.limits.maxMessageBytes, (name) =>
      Object.hasOwn(handlers, name),
    );
    const key = understood.id ?? `${delivered.born} ${delivered.sequence}`;
    const known = taken.get(key);
    if (known !== undefined) {
      known.join(delivered);
      return;
    }
    if (isLeaving) {
      late.push(delivered);
      return;
    }
    const mine = take(key, delivered);
    taken.set(key, mine);
    const work = runCommand(context, delivered, understood)
      .then((settlement) => settling.settle(mine, settlement))
      .finally(() => {
        taken.delete(key);
        running.delete(work);
        pulling.nudge();
      });
    running.add(work);
  };

  const settings = { ackWaitMs, maxAckPending: Math.max(1000, 4 * maxInFlight) };
  const ensure = () => ensureConsumer(link, service, settings);
  await retry(ensure, { deadlineMs: startDeadlineMs });
  const pulling = startPulling(link, {
    consumer: service,
    expiresMs: Math.max(minExpiresMs, Math.min(maxExpiresMs, ackWaitMs / 2)),
    ensureConsumer: ensure,
    room: () => maxInFlight - taken.size,
    onDelivered: takeIn,
  });
  const heartbeat = setInterval(() => {
    for (const each of taken.values()) settling.working(each);
  }, ackWaitMs / 3);

  const warn = (error: unknown) =>
    link.logger.warn({ err: error }, 'Commands may come back only after their ack wait');
  const stop = async (graceMs: number): Promise<void> => {
    isLeaving = true;
    // No longer asking comes first: a command handed back while our request is still open could be sent to us once more and get lost.
    await withDeadline(flushMs, 'ending the request for commands', () => pulling.stop()).catch(warn);
    stopping.abort(new HandedBack('The service stops'));
    for (const delivered of late) settling.giveBack(delivered, 0);
    const idle = new AbortController();
    await Promise.race([Promise.all(running), sleep(graceMs, idle.signal).catch(() => {})]);
    idle.abort();
    clearInterval(heartbeat);
    for (const each of taken.values()) {
      for (const delivered of each.deliveries()) settling.giveBack(delivered, 0);
      each.release();
    }
    if (link.isReady())
      await withDeadline(flushMs, 'handing commands back', () => link.connection.flush()).catch(warn);
  };
  let stopped: Promise<void> | undefined;
  return { stop: (graceMs) => (stopped ??= stop(graceMs)) };
};
