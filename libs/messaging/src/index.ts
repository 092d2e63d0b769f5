export { connectMessaging, type Messaging, type MessagingOptions } from './messaging.ts';
export {
  HandedBack,
  MessagingUnavailable,
  type AskOptions,
  type CommandHandler,
  type CommandHandlers,
  type CommandSender,
  type CommandServer,
  type CommandServerOptions,
  type Delivery,
  type Feed,
  type LateOutcome,
  type PoisonMessage,
  type QueryContext,
  type QueryHandlers,
  type QueryOutcome,
  type QuerySender,
  type QueryServer,
  type QueryServerOptions,
  type ReceiptFinder,
} from './ports.ts';
export { type StreamLimits } from './streams.ts';
