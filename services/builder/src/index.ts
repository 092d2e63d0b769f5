export { createBuilder } from './builder.ts';
export { readBuilderConfig, type BuilderConfig } from './config.ts';
