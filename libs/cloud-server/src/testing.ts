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
  type FakeNetwork,
} from './testing/fake-engine.ts';
export { nameImage } from './testing/fake-images.ts';
export type { FakeDisk } from './testing/fake-files.ts';
export { fakeMeasurements } from './testing/fake-measurements.ts';
