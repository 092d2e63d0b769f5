export {
  HandedBack,
  type CommandHandler,
  type CommandHandlers,
  type HandlersOf,
  type CommandSender,
  type CommandServer,
  type CommandServerOptions,
  type Delivery,
  type LateDecision,
  type PoisonMessage,
  type ReceiptFinder,
} from './commands/command-ports.ts';
export { MessagingUnavailable } from './connection/messaging-unavailable.ts';
export { natsServerName } from './connection/server-name.ts';
export type { StreamLimits } from './connection/stream-configs.ts';
export type { Bucket, BucketEntry, Buckets } from './key-value/bucket-ports.ts';
export type { Feed } from './live-feed.ts';
export { connectMessaging, type Messaging, type MessagingOptions } from './messaging.ts';
export { listWhole } from './queries/list-whole.ts';
export type {
  AskOptions,
  QueryAnswer,
  QueryContext,
  QueryHandlers,
  QueryOutcome,
  QuerySender,
  QueryServer,
  QueryServerOptions,
} from './queries/query-ports.ts';
