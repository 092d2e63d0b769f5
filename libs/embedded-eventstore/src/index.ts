/** A server of the EventStoreDB protocol over one SQLite file. */
export { startEmbeddedEventStore } from './server.ts';
export type { EmbeddedEventStore, EmbeddedEventStoreOptions } from './server.ts';
export { StartupError } from './startup-error.ts';
export type { StartupErrorCode } from './startup-error.ts';
