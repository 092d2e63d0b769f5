export { createAlfaCloud, type AlfaCloud } from './alfa-cloud.ts';
export { createApi, poll, type Api, type Document, type Resource } from './api.ts';
export { readAlfaCloudConfig, type AlfaCloudConfig } from './config.ts';
export { removeServerContents } from './demo-cleanup.ts';
export { createDemoClient, registerDemoServer } from './demo-story.ts';
