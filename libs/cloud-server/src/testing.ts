export { withEffectHooks, type Effect, type EffectHooks } from './testing/effect-hooks.ts';
export {
  fakeCloudServer,
  type FakeCloudServer,
  type FakeCloudServerOptions,
} from './testing/fake-cloud-server.ts';
export {
  tellFollowers,
  type FakeBehaviour,
  type FakeContainer,
  type FakeEngine,
  type FakeImage,
  type FakeNetwork,
} from './testing/fake-engine.ts';
export { addFakeImage, saveFakeImage } from './testing/fake-image-streams.ts';
export { nameImage } from './testing/fake-images.ts';
export type { FakeDisk } from './testing/fake-files.ts';
export { fakeMeasurements } from './testing/fake-measurements.ts';
