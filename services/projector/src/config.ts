import { readConfig, readEnginesConfig, type EnginesConfig, type Environment } from '@alfa-cloud/service-kit';
import { join } from 'node:path';

export interface ProjectorConfig extends EnginesConfig {
  /**
   * SQLite files of which this projector takes the first that no other one has; a few more lie beside each. They may be deleted while the
   * projector is stopped: they are built anew.
   */
  readModelsFiles: readonly string[];
}

/**
 * Besides what every service reads: `ALFA_DATA_DIR` (default `data`), `ALFA_PROJECTOR_PLACES` (default 1).
 * @throws ConfigError naming every variable that is missing or not valid
 */
export const readProjectorConfig = (env: Environment): ProjectorConfig =>
  readConfig(env, (read) => ({
    ...readEnginesConfig(read),
    readModelsFiles: placesIn(
      read.string('ALFA_DATA_DIR', 'data'),
      read.integer('ALFA_PROJECTOR_PLACES', { default: 1, min: 1, max: 64 }),
    ),
  }));

const placesIn = (dataDirectory: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    join(dataDirectory, index === 0 ? 'projector' : `projector-${index + 1}`, 'read-models.sqlite'),
  );
