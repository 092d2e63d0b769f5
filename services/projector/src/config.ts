import { readConfig, readEnginesConfig, type EnginesConfig, type Environment } from '@alfa-cloud/service-kit';
import { join } from 'node:path';

export interface ProjectorConfig extends EnginesConfig {
  /** SQLite file of the read models; two more lie beside it. May be deleted while the projector is stopped: it is built anew. */
  readModelsFile: string;
}

/**
 * Besides what every service reads: `ALFA_DATA_DIR` (default `data`).
 * @throws ConfigError naming every variable that is missing or not valid
 */
export const readProjectorConfig = (env: Environment): ProjectorConfig =>
  readConfig(env, (read) => ({
    ...readEnginesConfig(read),
    readModelsFile: join(read.string('ALFA_DATA_DIR', 'data'), 'projector', 'read-models.sqlite'),
  }));
