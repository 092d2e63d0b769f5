import { decode, encode } from './codec.ts';
import type { Link } from './link.ts';
import type { Feed } from './ports.ts';

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
