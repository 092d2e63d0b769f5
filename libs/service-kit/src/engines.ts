import type { ConfigReader } from './config.ts';

/** What every service is told about its surroundings. */
export interface EnginesConfig {
  /** `nats://host:port`; several, comma-separated, for a cluster. */
  natsUrl: string;
  /** EventStoreDB connection string, `esdb://…`. */
  eventStoreUrl: string;
  masterKeyFile: string;
  logLevel: string;
  /** Where `/health` and `/metrics` of the service answer. */
  operations: { host: string; port: number };
}

/**
 * Reads `NATS_URL`, `ESDB_URL`, `ALFA_MASTER_KEY_FILE` (required), `ALFA_LOG_LEVEL` (info), `ALFA_OPERATIONS_HOST` (127.0.0.1)
 * and `ALFA_OPERATIONS_PORT` (9100).
 */
export const readEnginesConfig = (read: ConfigReader): EnginesConfig => ({
  natsUrl: read.string('NATS_URL'),
  eventStoreUrl: read.string('ESDB_URL'),
  masterKeyFile: read.string('ALFA_MASTER_KEY_FILE'),
  logLevel: read.string('ALFA_LOG_LEVEL', 'info'),
  operations: {
    host: read.string('ALFA_OPERATIONS_HOST', '127.0.0.1'),
    port: read.integer('ALFA_OPERATIONS_PORT', { default: 9100, min: 0, max: 65_535 }),
  },
});
