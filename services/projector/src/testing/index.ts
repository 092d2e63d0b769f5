/** Stories of servers and clients as events, for tests and benchmarks. */
export {
  actionKinds,
  actionOperationIdOf,
  actionStory,
  backupIdOf,
  type ClientAction,
} from './action-stories.ts';
export { bulkChildIdOf, bulkIdOf, bulkStory, childStory, type BulkStory } from './bulk-stories.ts';
export { momentOf, recorded, type PlacedEvent } from './recorded.ts';
export {
  clientIdOf,
  clientOperationIdOf,
  clientStory,
  serverIdOf,
  serverStory,
  storySteps,
  type ClientStory,
  type Ending,
} from './stories.ts';
