import { join, resolve } from 'node:path';
import type { ServiceName } from '@alfa-cloud/contracts';
import { ConfigError, readConfig, type Environment } from '@alfa-cloud/service-kit';

/** The product in one process. Every variable of the five services is heeded too. */
export interface AlfaCloudConfig {
  /** Everything that lasts lies below it. `ALFA_DATA_DIR`, default `./data`. */
  dataDirectory: string;
  /** A NATS of its own is started unless `NATS_URL` names one. */
  natsUrl: string | undefined;
  /** The embedded event store is started unless `ESDB_URL` names a server. */
  eventStoreUrl: string | undefined;
  /** `ALFA_MASTER_KEY_FILE`, default `master.key` in the data directory; made when absent. */
  masterKeyFile: string;
  logLevel: string;
  /** Health and metrics on 127.0.0.1. `ALFA_OPERATIONS_PORT`, default 9100; 0 takes a free one. */
  operationsPort: number;
  searchPath: string;
  /** Which of the five run in this process. `ALFA_SERVICES`, default all. */
  services: readonly ServiceName[];
  /** What the services' own configurations are read from. */
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
