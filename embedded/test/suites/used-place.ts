import type { Resource } from '../../src/api.ts';
import type { World } from '../support/world.ts';

/** The world that the suites share, and its only server. */
export interface UsedPlace {
  world: World;
  server: Resource;
}
