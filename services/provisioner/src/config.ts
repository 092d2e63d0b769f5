import {
  ConfigError,
  readConfig,
  readEnginesConfig,
  type EnginesConfig,
  type Environment,
} from '@alfa-cloud/service-kit';
import { readBackups } from './config/backups.ts';
import { readClients } from './config/clients.ts';
import {
  readCloudServers,
  readImages,
  type CloudServersConfig,
  type ImagesConfig,
} from '@alfa-cloud/servers';
import { readMonitoring, type MonitoringConfig } from './config/monitoring.ts';
import { readMoves } from './config/moves.ts';
import { readReconcilers, type ReconcilersConfig } from './config/reconcilers.ts';
import { readPreparation, readReboot } from './config/servers.ts';
import type { ClientConfig } from './on-server/client-config.ts';
import type { PreparationConfig } from './on-server/preparation.ts';
import type { RebootConfig } from './on-server/reboot-config.ts';
import type { MoveConfig } from './on-server/move-config.ts';
import type { BackupConfig } from './resources/backup/recorded-backup.ts';

export interface ProvisionerConfig extends EnginesConfig, ReconcilersConfig, CloudServersConfig {
  /** Images that are offered to no client, besides those of database and proxy: `repository:tag`, or `repository` for all its tags. */
  otherImages: readonly string[];
  /** Operations at the same time on one server, by this process. */
  perServer: number;
  /** A command not heard of for so long is given to another worker, ms. */
  ackWaitMs: number;
  preparation: PreparationConfig;
  reboot: RebootConfig;
  clients: ClientConfig;
  backups: BackupConfig;
  moves: MoveConfig;
  images: ImagesConfig;
  monitoring: MonitoringConfig;
}

/**
 * Besides what every service reads: the table of docs/configuration.md.
 * @throws ConfigError naming every variable that is missing or not valid
 */
export const readProvisionerConfig = (env: Environment): ProvisionerConfig => {
  const faults: string[] = [];
  const config = readConfig(env, (read) => ({
    ...readEnginesConfig(read),
    ...readCloudServers(read),
    otherImages: read.list('ALFA_OTHER_IMAGES', []),
    perServer: read.integer('ALFA_OPERATIONS_PER_SERVER', { default: 4, min: 1, max: 64 }),
    ackWaitMs: read.integer('ALFA_ACK_WAIT_MS', { default: 10_000, min: 1000, max: 600_000 }),
    preparation: readPreparation(read),
    reboot: readReboot(read),
    clients: readClients(read, faults),
    backups: readBackups(read),
    moves: readMoves(read),
    images: readImages(read, 'provisioner'),
    monitoring: readMonitoring(read),
    ...readReconcilers(read),
  }));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};
