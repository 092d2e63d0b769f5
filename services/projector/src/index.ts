export { readProjectorConfig, type ProjectorConfig } from './config.ts';
export { createProjector, type ProjectorDeps } from './projector.ts';
