import type { CommandName } from './commands/catalogue.ts';
import type { ServiceName } from './values/service-name.ts';
import { commandCatalogue } from './commands/catalogue.ts';
import type { QueryName } from './queries/catalogue.ts';
import { queryCatalogue } from './queries/catalogue.ts';

/** JetStream stream that holds commands until a handler has finished them (work queue, file storage). */
export const COMMANDS_STREAM = 'COMMANDS';
/** JetStream stream that remembers the answer to each command for {@link replyRetentionMs}. */
export const REPLIES_STREAM = 'REPLIES';
/** JetStream stream of how often a command was begun again after a crash or a failure; kept for {@link replyRetentionMs}. */
export const ATTEMPTS_STREAM = 'ATTEMPTS';
/** JetStream stream of the {@link Receipt}s; each is kept for {@link receiptRetentionMs}. */
export const RECEIPTS_STREAM = 'RECEIPTS';
/** How long a command that nobody takes up is shown as accepted: 30 days. From its decision on the events tell of it, for good. */
export const receiptRetentionMs = 30 * 24 * 60 * 60 * 1000;
/** How long a repeated `Idempotency-Key` gets the first answer: 24 hours. */
export const replyRetentionMs = 24 * 60 * 60 * 1000;
/** JetStream KV bucket of the sealed per-client and per-server keys. */
export const KEYS_BUCKET = 'alfa-keys';
/** JetStream KV bucket of the scrypt hash of the administrator's password. */
export const CREDENTIALS_BUCKET = 'alfa-credentials';

/** NATS subjects. The string constant for each exists here and nowhere else. */
export const subjects = {
  allCommands: 'alfa.commands.>',
  commandsOf: (service: ServiceName) => `alfa.commands.${service}.>`,
  command: (name: CommandName) => `alfa.commands.${commandCatalogue[name].service}.${name}`,
  allReplies: 'alfa.replies.*',
  reply: (commandId: string) => `alfa.replies.${commandId}`,
  allAttempts: 'alfa.attempts.*',
  attempts: (commandId: string) => `alfa.attempts.${commandId}`,
  allReceipts: 'alfa.receipts.*',
  /** @param id of the operation, or of what its command makes */
  receipt: (id: string) => `alfa.receipts.${id}`,
  query: (name: QueryName) => `alfa.queries.${queryCatalogue[name].service}.${name}`,
  /** Notification that the operation's view has changed. It has no content, so a lost one only delays the next query. */
  operationChanged: (operationId: string) => `alfa.feed.operations.${operationId}`,
  /** Nudge that the server's view has changed. */
  serverChanged: (serverId: string) => `alfa.feed.servers.${serverId}`,
  /** Nudge that something has changed that `ListChanges` tells of. */
  changed: 'alfa.feed.changes',
  /** Nudge that a server was measured anew. */
  serverMeasured: (serverId: string) => `alfa.feed.monitoring.${serverId}`,
  /** Health of one server; see {@link HealthObservation}. */
  serverHealth: 'alfa.observations.servers',
  /** Measured availability of the clients of one server; see {@link AvailabilityObservation}. */
  availability: 'alfa.observations.availability',
  /** What names of images mean on a server; see {@link ImagesObservation}. */
  imagesOnServer: 'alfa.observations.images',
  /** All images on a server; see {@link ServerImagesObservation}. */
  serverImages: 'alfa.observations.server_images',
} as const;
