export { withEffectHooks, type Effect, type EffectHooks } from './testing/effect-hooks.ts';
export {
  fakeCloudServer,
  type FakeCloudServer,
  type FakeCloudServerOptions,
} from './testing/fake-cloud-server.ts';
export type { FakeBehaviour, FakeContainer, FakeEngine } from './testing/fake-engine.ts';
export type { FakeDisk } from './testing/fake-files.ts';
