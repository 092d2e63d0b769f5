export { createBuilder, type BuilderDeps } from './builder.ts';
export { readBuilderConfig, type BuilderConfig } from './config.ts';
