import { resolve } from 'node:path';
import {
  readConfig,
  readEnginesConfig,
  type ConfigReader,
  type EnginesConfig,
  type Environment,
} from '@alfa-cloud/service-kit';
import type { SourceConfig } from './source/create-source.ts';

export interface BuilderConfig extends EnginesConfig {
  source: SourceConfig;
}

/**
 * Besides what every service reads: the table of docs/configuration.md.
 * @throws ConfigError naming every variable that is missing or not valid
 */
export const readBuilderConfig = (env: Environment): BuilderConfig =>
  readConfig(env, (read) => ({ ...readEnginesConfig(read), source: readSource(read) }));

const readSource = (read: ConfigReader): SourceConfig => ({
  directory: resolve(read.string('ALFA_DATA_DIR', 'data'), 'builder', 'source'),
  git: {
    fileUrls: read.boolean('ALFA_GIT_FILE_URLS', false),
    caFile: read.optionalString('ALFA_GIT_CA_FILE'),
  },
  transferMs: 1000 * read.integer('ALFA_GIT_TIMEOUT_S', { default: 900, min: 10, max: 86_400 }),
  tree: {
    filesMax: 500_000,
    bytesMax: 1024 ** 2 * read.integer('ALFA_SOURCE_MAX_MB', { default: 4096, min: 1, max: 1_048_576 }),
  },
});
