export { createAlfaCloud, type AlfaCloud } from './alfa-cloud.ts';
export { readAlfaCloudConfig, type AlfaCloudConfig } from './config.ts';
export { removeServerContents } from './demo-cleanup.ts';
export { createDemoClient, registerDemoServer } from './demo-story.ts';
