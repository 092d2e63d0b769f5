import { readConfig, readEnginesConfig, type EnginesConfig, type Environment } from '@alfa-cloud/service-kit';

export type NotifierConfig = EnginesConfig;

/** @throws ConfigError naming every variable that is missing or not valid */
export const readNotifierConfig = (env: Environment): NotifierConfig => readConfig(env, readEnginesConfig);
