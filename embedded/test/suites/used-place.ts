import type { World } from '../support/world.ts';
import type { Server } from '../support/caller.ts';

/** The world that the suites share, and its only server. */
export interface UsedPlace {
  world: World;
  server: Server;
}
