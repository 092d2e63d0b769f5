import { COMMANDS_STREAM } from '@alfa-cloud/contracts';
import { createInbox, nanos, type Msg, type Subscription } from 'nats';
import { encode } from './codec.ts';
import { readDelivery, type Delivered } from './delivered.ts';
import type { Link } from './link.ts';

/** How one request for messages ended. `refused`: JetStream will not serve it now. `gone`: nobody is there to serve it. */
export type PullEnd = 'served' | 'expired' | 'refused' | 'gone' | 'silent' | 'interrupted';

const graceMs = 2000;
const farewellMs = 20;

/**
 * Where JetStream sends the commands that were asked for; at most one request is open at a time.
 * @param options.expiresMs longest life of a request. Must be shorter than the ack wait: nats-server 2.9 takes a command that is due again
 * from its queue before it sees that the only open request belongs to somebody who is gone, and then forgets it for one more ack wait.
 */
export const createPullInbox = (
  link: Link,
  options: { consumer: string; expiresMs: number; onDelivered: (delivered: Delivered) => void },
) => {
  let inbox = '';
  let subscription: Subscription | undefined;
  let wanted = 0;
  let end = (_end: PullEnd): void => {};

  const onMessage = (message: Msg): void => {
    const delivered = readDelivery(message, link.streamBorn());
    if (delivered === null) {
      end(endOf(message));
      return;
    }
    wanted -= 1;
    if (wanted === 0) end('served');
    options.onDelivered(delivered);
  };

  /**
   * Moves to a new address. A request that the server still holds for the old one finds nobody there and is dropped,
   * instead of sending commands beyond the room.
   */
  const renew = (): void => {
    subscription?.unsubscribe();
    inbox = createInbox();
    subscription = link.connection.subscribe(inbox, {
      callback: (error, message) => (error === null ? onMessage(message) : end('gone')),
    });
  };

  const request = async (batch: number, expiresMs: number): Promise<PullEnd> => {
    const { promise, resolve } = Promise.withResolvers<PullEnd>();
    end = resolve;
    wanted = batch;
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

  return {
    renew,
    /** Asks for `batch` commands and waits until all came or the request ended otherwise. */
    pull: (batch: number): Promise<PullEnd> => request(batch, options.expiresMs),
    interrupt: (): void => end('interrupted'),
    /**
     * Takes no more; what is on its way is still delivered. A last, short request makes the server look through its queue of requests
     * and drop the one that nobody listens to any more, so that commands handed back after this go to others at once.
     */
    async close(): Promise<void> {
      if (!link.isReady() || subscription === undefined) return;
      await subscription.drain();
      renew();
      await request(1, farewellMs);
      await subscription.drain();
    },
  };
};

/** What a status message in place of a command means. */
const endOf = (message: Msg): PullEnd => {
  const code = message.headers?.code;
  if (code === 404 || code === 408) return 'expired';
  if (code !== 409) return 'gone';
  return /consumer deleted/i.test(message.headers?.description ?? '') ? 'gone' : 'refused';
};
