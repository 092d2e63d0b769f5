import { join, resolve } from 'node:path';
import type { ServiceName } from '@alfa-cloud/contracts';
import { ConfigError, readConfig, type Environment } from '@alfa-cloud/service-kit';

/** Configuration of the product in one process. The variables of the five services apply too. */
export interface AlfaCloudConfig {
  /** Directory of all persistent data. `ALFA_DATA_DIR`, default `./data`. */
  dataDirectory: string;
  /** `NATS_URL`; without it a `nats-server` is started as a child process. */
  natsUrl: string | undefined;
  /** `ESDB_URL`; without it the embedded event store is started as a child process. */
  eventStoreUrl: string | undefined;
  /** `ALFA_MASTER_KEY_FILE`, default `master.key` in the data directory; created when absent. */
  masterKeyFile: string;
  logLevel: string;
  /** Health and metrics on 127.0.0.1. `ALFA_OPERATIONS_PORT`, default 9100; 0 takes a free one. */
  operationsPort: number;
  searchPath: string;
  /** The services that run in this process. `ALFA_SERVICES`, default all five. */
  services: readonly ServiceName[];
  /** The environment that the services' own configurations are read from. */
  env: Environment;
}

/** @throws ConfigError naming every variable that is not valid */
export const readAlfaCloudConfig = (env: Environment): AlfaCloudConfig =>
  readConfig(env, (read) => {
    const dataDirectory = resolve(read.string('ALFA_DATA_DIR', './data'));
    return {
      dataDirectory,
      natsUrl: read.optionalString('NATS_URL'),
      eventStoreUrl: read.optionalString('ESDB_URL'),
      masterKeyFile: read.string('ALFA_MASTER_KEY_FILE', join(dataDirectory, 'master.key')),
      logLevel: read.string('ALFA_LOG_LEVEL', 'info'),
      operationsPort: read.integer('ALFA_OPERATIONS_PORT', { default: 9100, min: 0, max: 65_535 }),
      searchPath: read.string('PATH', ''),
      services: toServices(read.list('ALFA_SERVICES', allServices)),
      env,
    };
  });

/** In the order in which they start: the gateway last. */
const allServices: readonly ServiceName[] = [
  'projector',
  'provisioner',
  'builder',
  'notifier',
  'api-gateway',
];

const toServices = (names: readonly string[]): ServiceName[] => {
  for (const name of names) {
    if (!allServices.some((known) => known === name)) {
      throw new ConfigError([`ALFA_SERVICES: "${name}" is not one of ${allServices.join(', ')}`]);
    }
  }
  return allServices.filter((service) => names.includes(service));
};
