import { decode, encode } from './connection/json.ts';
import type { Link } from './connection/link.ts';

/** Best-effort notifications between services (NATS core): a message may get lost, and nothing depends on one arriving. */
export interface Feed {
  publish(subject: string, message: unknown): void;
  /** @returns a function that ends the subscription */
  subscribe(subject: string, handler: (message: unknown) => void): () => void;
}

export const createFeed = (link: Link): Feed => ({
  publish(subject, message) {
    if (!link.isReady()) return;
    try {
      link.connection.publish(subject, encode(message));
    } catch (error) {
      link.logger.warn({ err: error, subject }, 'Could not publish on the feed');
    }
  },
  subscribe(subject, handler) {
    const subscription = link.connection.subscribe(subject, {
      callback(error, message) {
        try {
          if (error !== null) throw error;
          handler(decode(message.data));
        } catch (failure) {
          link.logger.warn({ err: failure, subject }, 'A message of the feed could not be handled');
        }
      },
    });
    return () => subscription.unsubscribe();
  },
});
