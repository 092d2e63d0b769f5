export { deliver, type DeliveryEnd } from './deliver.ts';
export { commandSenderOf, fakeCommandSender, type FakeCommandSender } from './fake-command-sender.ts';
export { inMemoryFeed } from './in-memory-feed.ts';
export { querySenderOf } from './query-sender-of.ts';
