import type { ConfigReader } from './config.ts';

/** Configuration of a service that uses NATS and the keys, and of the process that hosts it. */
export interface BusConfig {
  /** `nats://host:port`; several, comma-separated, for a cluster. */
  natsUrl: string;
  masterKeyFile: string;
  logLevel: string;
  /** Address of the service's `/health` and `/metrics`. */
  operations: { host: string; port: number };
}

/** The same for a service that uses the event store too. */
export interface EnginesConfig extends BusConfig {
  /** EventStoreDB connection string, `esdb://…`. */
  eventStoreUrl: string;
}

/**
 * Reads `NATS_URL` and `ALFA_MASTER_KEY_FILE` (both required), `ALFA_LOG_LEVEL` (info), `ALFA_OPERATIONS_HOST` (127.0.0.1)
 * and `ALFA_OPERATIONS_PORT` (9100).
 */
export const readBusConfig = (read: ConfigReader): BusConfig => ({
  natsUrl: read.string('NATS_URL'),
  masterKeyFile: read.string('ALFA_MASTER_KEY_FILE'),
  logLevel: read.string('ALFA_LOG_LEVEL', 'info'),
  operations: {
    host: read.string('ALFA_OPERATIONS_HOST', '127.0.0.1'),
    port: read.integer('ALFA_OPERATIONS_PORT', { default: 9100, min: 0, max: 65_535 }),
  },
});

/** Reads `ESDB_URL` (required) besides what {@link readBusConfig} reads. */
export const readEnginesConfig = (read: ConfigReader): EnginesConfig => ({
  eventStoreUrl: read.string('ESDB_URL'),
  ...readBusConfig(read),
});
