import { COMMANDS_STREAM } from '@alfa-cloud/contracts';
import { createInbox, nanos, type Msg, type Subscription } from '@nats-io/transport-node';
import { encode } from '../connection/json.ts';
import type { Link } from '../connection/link.ts';
import { readDelivery, type JetStreamDelivery } from './jetstream-delivery.ts';

/** How a pull request ended. `refused`: JetStream does not serve it now. `gone`: the consumer does not exist. */
export type PullEnd = 'served' | 'expired' | 'refused' | 'gone' | 'silent' | 'interrupted';

const graceMs = 2000;
const closingRequestMs = 20;

/**
 * The inbox to which JetStream delivers the commands that were pulled; at most one pull request is open at a time.
 * @param options.expiresMs longest life of a request. Must be shorter than the ack wait: nats-server 2.9 dequeues a command that is due for
 * redelivery before it notices that the only open request belongs to a lost connection, and then delays it for one more ack wait.
 */
export const createPullInbox = (
  link: Link,
  options: { consumer: string; expiresMs: number; onDelivered: (delivery: JetStreamDelivery) => void },
) => {
  let inbox = '';
  let subscription: Subscription | undefined;
  let wanted = 0;
  let end = (_end: PullEnd): void => {};

  const onMessage = (message: Msg): void => {
    const delivery = readDelivery(message, link.streamBorn());
    if (delivery === null) {
      end(endOf(message));
      return;
    }
    wanted -= 1;
    if (wanted === 0) end('served');
    options.onDelivered(delivery);
  };

  /**
   * Moves to a new inbox. The server drops a request that it still holds for the old one, instead of delivering more commands than this
   * process has capacity for.
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
    /** Requests `batch` commands, and waits until all have come or the request has ended otherwise. */
    pull: (batch: number): Promise<PullEnd> => request(batch, options.expiresMs),
    interrupt: (): void => end('interrupted'),
    /**
     * Takes no more commands; those already sent by the server are still delivered. A last, short request makes the server go through its
     * queue of requests and drop the abandoned one, so that commands handed back afterwards go to other workers at once.
     */
    async close(): Promise<void> {
      if (!link.isReady() || subscription === undefined) return;
      await subscription.drain();
      renew();
      await request(1, closingRequestMs);
      await subscription.drain();
    },
  };
};

/** The meaning of a status message that came in place of a command. */
const endOf = (message: Msg): PullEnd => {
  const code = message.headers?.code;
  if (code === 404 || code === 408) return 'expired';
  if (code !== 409) return 'gone';
  return /consumer deleted/i.test(message.headers?.description ?? '') ? 'gone' : 'refused';
};
