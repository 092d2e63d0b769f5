import type { ServiceName } from '@alfa-cloud/contracts';
import { withDeadline } from '@alfa-cloud/service-kit';
import type { NatsConnection } from 'nats';
import { createCommandSender, type CommandSenderOptions } from './command-sender.ts';
import { serveCommands } from './command-server.ts';
import { createFeed } from './feed.ts';
import { openLink, type LinkOptions } from './link.ts';
import {
  MessagingUnavailable,
  type CommandSender,
  type CommandServer,
  type CommandServerOptions,
  type Feed,
  type QueryHandlers,
  type QuerySender,
  type QueryServer,
  type QueryServerOptions,
  type ReceiptFinder,
} from './ports.ts';
import { createQuerySender } from './query-sender.ts';
import { serveQueries } from './query-server.ts';
import { createReceipts } from './receipts.ts';
import { createReplies } from './replies.ts';

export type MessagingOptions = LinkOptions & CommandSenderOptions;

/** Everything that a service says and hears over NATS, on one connection. */
export interface Messaging {
  /** For what this library does not wrap, as the key-value buckets. */
  readonly connection: NatsConnection;
  readonly commands: CommandSender;
  readonly receipts: ReceiptFinder;
  readonly queries: QuerySender;
  readonly feed: Feed;
  /** @throws MessagingUnavailable when the consumer can't be made within 30 s */
  serveCommands(service: ServiceName, options: CommandServerOptions): Promise<CommandServer>;
  serveQueries(
    service: ServiceName,
    handlers: QueryHandlers,
    options?: QueryServerOptions,
  ): Promise<QueryServer>;
  /** Connected, and the streams are there. */
  isConnected(): boolean;
  /** A health check: one round trip to the server. @throws when NATS or its streams are not there */
  check(): Promise<string>;
  /** Stop what serves first. Lets what is under way end for up to 5 s, then closes. */
  close(): Promise<void>;
}

const closeMs = 5000;
const checkMs = 1500;

/**
 * Connects, makes the streams, and from then on reconnects by itself for ever.
 * @throws MessagingUnavailable when NATS with JetStream is not there within `connectDeadlineMs` (default 30 s)
 */
export const connectMessaging = async (options: MessagingOptions): Promise<Messaging> => {
  const link = await openLink(options);
  const replies = createReplies(link);
  const receipts = createReceipts(link);
  return {
    connection: link.connection,
    commands: createCommandSender(link, { replies, receipts }, options),
    receipts,
    queries: createQuerySender(link),
    feed: createFeed(link),
    serveCommands: (service, server) => serveCommands(link, { replies, receipts }, service, server),
    async serveQueries(service, handlers, server) {
      const serving = serveQueries(link, service, handlers, server);
      // Once this has gone to and fro, questions asked by anybody reach us.
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
