import { COMMANDS_STREAM } from '@alfa-cloud/contracts';
import { backoffMs, sleep } from '@alfa-cloud/service-kit';
import { createInbox, nanos, type Msg, type Subscription } from 'nats';
import { encode } from './codec.ts';
import { readDelivery, type Delivered } from './delivered.ts';
import type { Link } from './link.ts';

export interface PullingOptions {
  consumer: string;
  /** Makes the consumer; called at first, after each reconnect and whenever it seems to be gone. */
  ensureConsumer(): Promise<void>;
  /** How many more commands may be taken now. */
  room(): number;
  onDelivered(delivered: Delivered): void;
}

export interface Pulling {
  /** There may be room again. */
  nudge(): void;
  /** Takes no more; what is on its way already is still given to `onDelivered`. */
  stop(): Promise<void>;
}

/** How one request for messages ended. `refused`: JetStream will not serve it now. `gone`: nobody is there to serve it. */
type PullEnd = 'served' | 'expired' | 'refused' | 'gone' | 'silent' | 'interrupted';

const expiresMs = 5000;
const graceMs = 2000;

/**
 * Asks JetStream for as many commands as there is room for, one request at a time, so there are never more here than allowed.
 * Each connection gets a new inbox: a request that the server still holds from before a break then finds nobody and is dropped,
 * instead of sending messages beyond the room.
 */
export const startPulling = (link: Link, options: PullingOptions): Pulling => {
  const stopping = new AbortController();
  let wake = () => {};
  let endPull = (_end: PullEnd) => {};
  let inbox = '';
  let subscription: Subscription | undefined;
  let openRequest = 0;

  const onMessage = (message: Msg) => {
    const delivered = readDelivery(message, link.streamBorn());
    if (delivered === null) {
      endPull(endOf(message));
      return;
    }
    openRequest -= 1;
    if (openRequest === 0) endPull('served');
    options.onDelivered(delivered);
  };

  const listenAnew = () => {
    subscription?.unsubscribe();
    inbox = createInbox();
    subscription = link.connection.subscribe(inbox, {
      callback: (error, message) => (error === null ? onMessage(message) : endPull('gone')),
    });
  };

  const pullOnce = async (batch: number): Promise<PullEnd> => {
    const { promise, resolve } = Promise.withResolvers<PullEnd>();
    endPull = resolve;
    openRequest = batch;
    const timer = setTimeout(() => resolve('silent'), expiresMs + graceMs);
    try {
      link.connection.publish(
        `$JS.API.CONSUMER.MSG.NEXT.${COMMANDS_STREAM}.${options.consumer}`,
        encode({ batch, expires: nanos(expiresMs) }),
        { reply: inbox },
      );
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  };

  const roomy = async (): Promise<number> => {
    while (!stopping.signal.aborted) {
      const room = options.room();
      if (room > 0) return room;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return 0;
  };

  const run = async (): Promise<void> => {
    /** Counts what makes the consumer and the inbox worth nothing: each return of the connection and each vain request. */
    let upset = 1;
    let settledFor = 0;
    let failures = 0;
    const unwatch = link.onReady(() => {
      upset += 1;
      endPull('interrupted');
    });
    try {
      while (!stopping.signal.aborted) {
        try {
          await link.ready(60_000, stopping.signal);
          if (settledFor !== upset) {
            const seen = upset;
            await options.ensureConsumer();
            listenAnew();
            settledFor = seen;
          }
          const room = await roomy();
          if (room === 0 || settledFor !== upset || !link.isReady()) continue;
          const end = await pullOnce(room);
          if (end === 'gone' || end === 'silent') upset += 1;
          if (end === 'gone' || end === 'refused') throw new Error(`The request for commands was ${end}`);
          failures = 0;
        } catch (error) {
          if (stopping.signal.aborted) break;
          failures += 1;
          if (failures > 1)
            link.logger.warn({ err: error, consumer: options.consumer }, 'No commands for now');
          await sleep(backoffMs(failures, 100, 5000), stopping.signal).catch(() => {});
        }
      }
    } finally {
      unwatch();
    }
  };
  const running = run();

  return {
    nudge: () => wake(),
    async stop() {
      stopping.abort();
      wake();
      endPull('interrupted');
      await running;
      if (link.isReady() && subscription !== undefined) await subscription.drain();
    },
  };
};

/** What a status message in place of a command means. */
const endOf = (message: Msg): PullEnd => {
  switch (message.headers?.code) {
    case 404:
    case 408:
      return 'expired';
    case 409:
      return /consumer deleted/i.test(message.headers.description) ? 'gone' : 'refused';
    default:
      return 'gone';
  }
};
