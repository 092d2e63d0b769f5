import { join, resolve } from 'node:path';
import {
  ConfigError,
  readConfig,
  readEnginesConfig,
  type ConfigReader,
  type EnginesConfig,
  type Environment,
} from '@alfa-cloud/service-kit';
import {
  readCloudServers,
  readImages,
  type CloudServersConfig,
  type ImagesConfig,
} from '@alfa-cloud/servers';
import { keptPrefix } from './image/image-tags.ts';
import type { BuildConfig } from './operation/building.ts';
import type { SourceConfig } from './source/create-source.ts';

export interface BuilderConfig extends EnginesConfig, CloudServersConfig {
  source: SourceConfig;
  builds: BuildConfig;
  images: ImagesConfig;
  /** Builds at the same time on one server, by this process. */
  perServer: number;
  /** A command not heard of for so long is given to another worker, ms. */
  ackWaitMs: number;
}

/**
 * Besides what every service reads: the table of docs/configuration.md.
 * @throws ConfigError naming every variable that is missing or not valid
 */
export const readBuilderConfig = (env: Environment): BuilderConfig => {
  const faults: string[] = [];
  const config = readConfig(env, (read) => {
    const images = readImages(read, 'builder');
    const source = readSource(read);
    return {
      ...readEnginesConfig(read),
      ...readCloudServers(read),
      source,
      builds: {
        ...readBuilds(read, faults),
        fetchMs: source.transferMs,
        transferMs: images.transferMs,
      },
      images,
      perServer: read.integer('ALFA_BUILDS_PER_SERVER', { default: 1, min: 1, max: 16 }),
      ackWaitMs: read.integer('ALFA_ACK_WAIT_MS', { default: 10_000, min: 1000, max: 600_000 }),
    };
  });
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};

const directoryOf = (read: ConfigReader): string => resolve(read.string('ALFA_DATA_DIR', 'data'), 'builder');

const seconds = (read: ConfigReader, name: string, defaultSeconds: number): number =>
  read.integer(name, { default: defaultSeconds, min: 1, max: 86_400 }) * 1000;

const readSource = (read: ConfigReader): SourceConfig => ({
  directory: join(directoryOf(read), 'source'),
  git: {
    fileUrls: read.boolean('ALFA_GIT_FILE_URLS', false),
    caFile: read.optionalString('ALFA_GIT_CA_FILE'),
  },
  transferMs: seconds(read, 'ALFA_GIT_TIMEOUT_S', 900),
  tree: {
    filesMax: 500_000,
    bytesMax: 1024 ** 2 * read.integer('ALFA_SOURCE_MAX_MB', { default: 4096, min: 1, max: 1_048_576 }),
  },
});

const readBuilds = (read: ConfigReader, faults: string[]): Omit<BuildConfig, 'fetchMs' | 'transferMs'> => ({
  workspaces: join(directoryOf(read), 'workspaces'),
  repository: readRepository(read, faults),
  limits: {
    memoryMb: read.integer('ALFA_BUILD_MEMORY_MB', { default: 2048, min: 64, max: 1_048_576 }),
    cpus: read.integer('ALFA_BUILD_CPUS', { default: 1, min: 1, max: 256 }),
  },
  buildMs: seconds(read, 'ALFA_BUILD_TIMEOUT_S', 3600),
  keep: read.integer('ALFA_BUILDS_KEPT', { default: 5, min: 1, max: 1000 }),
  smoke: {
    databaseImage: read.string('ALFA_DATABASE_IMAGE', 'mariadb:10.11'),
    migrate: readMigrate(read, faults),
    limits: { memoryMb: 512, cpus: 1, pids: 256 },
    databaseStartMs: seconds(read, 'ALFA_DATABASE_START_TIMEOUT_S', 120),
    healthMs: seconds(read, 'ALFA_HEALTH_TIMEOUT_S', 60),
    commandMs: seconds(read, 'ALFA_COMMAND_TIMEOUT_S', 600),
  },
});

const readRepository = (read: ConfigReader, faults: string[]): string => {
  const name = read.string('ALFA_IMAGE_REPOSITORY', 'alfa');
  const isName = /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/.test(name);
  if (!isName || name.startsWith(keptPrefix)) {
    faults.push(
      `ALFA_IMAGE_REPOSITORY must be the name of an image without a tag, such as alfa, not "${name}"`,
    );
  }
  return name;
};

/** Program and arguments as a JSON array of strings, since no shell takes words apart. */
const readMigrate = (read: ConfigReader, faults: string[]): readonly string[] => {
  const usual = ['php', 'artisan', 'migrate', '--force'];
  const text = read.string('ALFA_COMMAND_MIGRATE', JSON.stringify(usual));
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string'))
      return value;
  } catch {
    // Told below.
  }
  faults.push('ALFA_COMMAND_MIGRATE must be a JSON array of strings, such as ["php","artisan","migrate"]');
  return usual;
};
