import {
  ConfigError,
  readConfig,
  readEnginesConfig,
  type ConfigReader,
  type EnginesConfig,
  type Environment,
} from '@alfa-cloud/service-kit';
import type { BackupSettings } from './resources/backup/recorded-backup.ts';
import type { BackupScheduleConfig } from './reconcilers/backups/backup-schedule.ts';
import { defaultCommands, type ClientSettings } from './on-server/client-settings.ts';
import { isTimeZone } from './domain/days.ts';
import type { AvailabilityConfig } from './reconcilers/availability/observe-server.ts';
import type { PagesConfig } from './reconcilers/pages/pages.ts';
import type { CloudSettingsConfig } from './reconcilers/cloud-settings/cloud-settings.ts';
import type { ClientNetworkSettings } from './on-server/client-settings.ts';
import { holdsSubnet, parseRange } from './on-server/subnets.ts';
import type { ServerHealthConfig } from './reconcilers/server-health/server-health.ts';
import type { PreparationSettings } from './on-server/preparation.ts';

export interface ProvisionerConfig extends EnginesConfig {
  /** The server with connection `local`. */
  local: {
    /** Unix socket of its Docker Engine. */
    socketPath: string;
    /** Directory of Alfa Cloud there, as the engine sees it. */
    root: string;
    /** Where the ports that its containers publish can be reached. */
    address: string;
  };
  /** Images that are offered to no client, besides those of database and proxy: `repository:tag`, or `repository` for all its tags. */
  otherImages: readonly string[];
  /** Operations at the same time on one server, by this process. */
  perServer: number;
  /** A command not heard of for so long is given to another worker, ms. */
  ackWaitMs: number;
  preparation: PreparationSettings;
  clients: ClientSettings;
  backups: BackupSettings;
  backupSchedule: BackupScheduleConfig;
  availability: AvailabilityConfig;
  pages: PagesConfig;
  cloudSettings: CloudSettingsConfig;
  serverHealth: ServerHealthConfig;
}

/**
 * Besides what every service reads: the table of docs/configuration.md.
 * @throws ConfigError naming every variable that is missing or not valid
 */
export const readProvisionerConfig = (env: Environment): ProvisionerConfig => {
  const faults: string[] = [];
  const config = readConfig(env, (read) => ({
    ...readEnginesConfig(read),
    local: {
      socketPath: read.string('ALFA_DOCKER_SOCKET', '/var/run/docker.sock'),
      root: read.string('ALFA_SERVER_ROOT', '/srv/alfa'),
      address: read.string('ALFA_LOCAL_PROXY_HOST', '127.0.0.1'),
    },
    otherImages: read.list('ALFA_OTHER_IMAGES', []),
    perServer: read.integer('ALFA_OPERATIONS_PER_SERVER', { default: 4, min: 1, max: 64 }),
    ackWaitMs: read.integer('ALFA_ACK_WAIT_MS', { default: 10_000, min: 1000, max: 600_000 }),
    preparation: readPreparation(read),
    clients: readClients(read, faults),
    backups: readBackups(read),
    backupSchedule: {
      roundMs: seconds(read, 'ALFA_BACKUP_WATCH_INTERVAL_S', 60),
      everyMs: read.integer('ALFA_BACKUP_EVERY_H', { default: 24, min: 0, max: 8760 }) * 3_600_000,
    },
    availability: {
      everyMs: seconds(read, 'ALFA_AVAILABILITY_INTERVAL_S', 15),
      probeMs: seconds(read, 'ALFA_AVAILABILITY_TIMEOUT_S', 3),
      parallel: read.integer('ALFA_AVAILABILITY_PARALLEL', { default: 16, min: 1, max: 256 }),
      confirmMs: 1200,
    },
    pages: { everyMs: seconds(read, 'ALFA_EXPIRY_WATCH_INTERVAL_S', 60), parallel: 8 },
    cloudSettings: { everyMs: seconds(read, 'ALFA_SETTINGS_WATCH_INTERVAL_S', 20), parallel: 8 },
    serverHealth: {
      // Health that was not looked at for three minutes counts as unknown, so a round must not take much of that.
      everyMs: read.integer('ALFA_SERVER_WATCH_INTERVAL_S', { default: 30, min: 1, max: 60 }) * 1000,
      parallel: 8,
      confirmMs: 1500,
      settleMs: 20_000,
    },
  }));
  if (!isTimeZone(config.clients.timeZone)) {
    faults.push(`ALFA_TIME_ZONE: "${config.clients.timeZone}" is not a time zone`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};

const readPreparation = (read: ConfigReader): PreparationSettings => ({
  databaseImage: read.string('ALFA_DATABASE_IMAGE', 'mariadb:10.11'),
  proxyImage: read.string('ALFA_PROXY_IMAGE', 'nginx:1'),
  freeBytesMin: read.integer('ALFA_FREE_DISK_MIN_MB', { default: 2048, min: 0 }) * 1024 * 1024,
  clockSkewMaxMs: seconds(read, 'ALFA_CLOCK_SKEW_MAX_S', 60),
  databaseStartMs: seconds(read, 'ALFA_DATABASE_START_TIMEOUT_S', 120),
  pullMs: seconds(read, 'ALFA_IMAGE_PULL_TIMEOUT_S', 600),
});

const readBackups = (read: ConfigReader): BackupSettings => {
  const days = (name: string, defaultDays: number) =>
    read.integer(name, { default: defaultDays, min: 1, max: 3650 });
  const kept = days('ALFA_BACKUP_KEEP_DAYS', 14);
  const before = days('ALFA_SAFETY_BACKUP_KEEP_DAYS', 7);
  const final = days('ALFA_FINAL_BACKUP_KEEP_DAYS', 30);
  return {
    deadlineMs: seconds(read, 'ALFA_BACKUP_TIMEOUT_S', 3600),
    keepDays: { manual: kept, scheduled: kept, migration: before, restore: before, final },
  };
};

const readClients = (read: ConfigReader, faults: string[]): ClientSettings => ({
  storagePath: read.string('ALFA_CLIENT_STORAGE_PATH', '/app/storage'),
  network: readClientNetwork(read, faults),
  timeZone: read.string('ALFA_TIME_ZONE', 'UTC'),
  commands: {
    migrate: argv(read, faults, 'ALFA_COMMAND_MIGRATE', defaultCommands.migrate),
    ownerPassword: argv(read, faults, 'ALFA_COMMAND_OWNER_PASSWORD', defaultCommands.ownerPassword),
    demoSeed: argv(read, faults, 'ALFA_COMMAND_DEMO_SEED', defaultCommands.demoSeed),
    demoUnseed: argv(read, faults, 'ALFA_COMMAND_DEMO_UNSEED', defaultCommands.demoUnseed),
    down: argv(read, faults, 'ALFA_COMMAND_DOWN', defaultCommands.down),
    up: argv(read, faults, 'ALFA_COMMAND_UP', defaultCommands.up),
    usersCount: argv(read, faults, 'ALFA_COMMAND_USERS_COUNT', defaultCommands.usersCount),
  },
  steadyMs: 1500,
  healthMs: seconds(read, 'ALFA_HEALTH_TIMEOUT_S', 60),
  commandMs: seconds(read, 'ALFA_COMMAND_TIMEOUT_S', 600),
  reachableMs: seconds(read, 'ALFA_REACHABLE_TIMEOUT_S', 20),
  observeMs: seconds(read, 'ALFA_SWITCH_OBSERVE_S', 10),
});

const readClientNetwork = (read: ConfigReader, faults: string[]): ClientNetworkSettings => {
  const subnets = read.string('ALFA_CLIENT_SUBNETS', '10.213.0.0/16');
  const range = parseRange(subnets);
  if (range === null || !holdsSubnet(range)) {
    faults.push(
      `ALFA_CLIENT_SUBNETS: "${subnets}" is no range of at least 16 IPv4 addresses such as 10.213.0.0/16`,
    );
  }
  const outside = read.string('ALFA_CLIENT_OUTSIDE', 'allow');
  if (outside !== 'allow' && outside !== 'deny') {
    faults.push(`ALFA_CLIENT_OUTSIDE must be "allow" or "deny", not "${outside}"`);
  }
  return { subnets, outside: outside === 'allow' };
};

const seconds = (read: ConfigReader, name: string, defaultSeconds: number): number =>
  read.integer(name, { default: defaultSeconds, min: 1, max: 86_400 }) * 1000;

/** Program and arguments as a JSON array of strings, since no shell takes words apart. */
const argv = (
  read: ConfigReader,
  faults: string[],
  name: string,
  defaultArgv: readonly string[],
): readonly string[] => {
  const value: unknown = parsed(read.string(name, JSON.stringify(defaultArgv)));
  if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')) {
    return value;
  }
  faults.push(`${name} must be a JSON array of strings, such as ["php","artisan","migrate"]`);
  return defaultArgv;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
