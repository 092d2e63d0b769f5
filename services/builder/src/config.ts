import { readConfig, readEnginesConfig, type EnginesConfig, type Environment } from '@alfa-cloud/service-kit';

export type BuilderConfig = EnginesConfig;

/** @throws ConfigError naming every variable that is missing or not valid */
export const readBuilderConfig = (env: Environment): BuilderConfig => readConfig(env, readEnginesConfig);
