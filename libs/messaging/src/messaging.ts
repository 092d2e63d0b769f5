import type { ServiceName } from '@alfa-cloud/contracts';
import { withDeadline } from '@alfa-cloud/service-kit';
import type {
  CommandSender,
  CommandServer,
  CommandServerOptions,
  ReceiptFinder,
} from './commands/command-ports.ts';
import { createCommandSender, type CommandSenderOptions } from './commands/command-sender.ts';
import { serveCommands } from './commands/command-server.ts';
import { createReceipts } from './commands/receipts.ts';
import { createReplies } from './commands/replies.ts';
import { openLink, type LinkOptions } from './connection/link.ts';
import { MessagingUnavailable } from './connection/messaging-unavailable.ts';
import type { Buckets } from './key-value/bucket-ports.ts';
import { createBuckets } from './key-value/buckets.ts';
import { createFeed, type Feed } from './live-feed.ts';
import type { QueryHandlers, QuerySender, QueryServer, QueryServerOptions } from './queries/query-ports.ts';
import { createQuerySender } from './queries/query-sender.ts';
import { serveQueries } from './queries/query-server.ts';

export type MessagingOptions = LinkOptions & CommandSenderOptions;

/** Everything that a service does over NATS, on one connection. Only this library sees the connection. */
export interface Messaging {
  readonly commands: CommandSender;
  readonly receipts: ReceiptFinder;
  readonly queries: QuerySender;
  readonly feed: Feed;
  readonly buckets: Buckets;
  /** @throws MessagingUnavailable when the consumer can't be created within 30 s */
  serveCommands(service: ServiceName, options: CommandServerOptions): Promise<CommandServer>;
  serveQueries(
    service: ServiceName,
    handlers: QueryHandlers,
    options?: QueryServerOptions,
  ): Promise<QueryServer>;
  /** Connected, and the streams exist. */
  isConnected(): boolean;
  /** A health check: one round trip to the server. @throws when NATS does not answer or its streams do not exist */
  check(): Promise<string>;
  /** Lets pending messages be sent for up to 5 s, then closes. Command and query servers have to be stopped before. */
  close(): Promise<void>;
}

const closeMs = 5000;
const checkMs = 1500;

/**
 * Connects and creates the streams. Afterwards it reconnects without limit.
 * @throws MessagingUnavailable when NATS with JetStream does not answer within `connectDeadlineMs` (default 30 s)
 */
export const connectMessaging = async (options: MessagingOptions): Promise<Messaging> => {
  const link = await openLink(options);
  const replies = createReplies(link);
  const receipts = createReceipts(link);
  return {
    commands: createCommandSender(link, { replies, receipts }, options),
    receipts,
    queries: createQuerySender(link),
    feed: createFeed(link),
    buckets: createBuckets(link),
    serveCommands: (service, server) => serveCommands(link, { replies, receipts }, service, server),
    async serveQueries(service, handlers, server) {
      const serving = serveQueries(link, service, handlers, server);
      // After this round trip the server knows the subscriptions, so that a query asked by anybody arrives here.
      await withDeadline(closeMs, 'subscribing to queries', () => link.connection.flush());
      return serving;
    },
    isConnected: link.isReady,
    async check() {
      if (!link.isReady()) throw new MessagingUnavailable('NATS or its streams are not there');
      await withDeadline(checkMs, 'a round trip to NATS', () => link.connection.flush());
      return `connected to ${link.connection.getServer()}`;
    },
    close: () => link.close(closeMs),
  };
};
