export { nodeImage, ensureNodeImage } from '../../images/node-image.ts';
export { networkName, type Placement } from './container-options.ts';
export { buildComposeImage, createComposeNetwork, startComposeServices } from './start-compose.ts';
