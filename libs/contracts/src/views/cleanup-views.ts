import type { Reason } from '../words/reason.ts';

/** An image on a server, as a clean-up sees it. */
export interface CleanupImage {
  id: string;
  references: string[];
  /** Docker's count of all its layers, in bytes. */
  sizeBytes: number;
  createdAt: string;
}

/** An image that a clean-up removes. */
export interface RemovableImage extends CleanupImage, Reason {
  /** What of it nothing that stays shares, in bytes. What several images that go share is counted with the first of them, so these add up. */
  freesBytes: number;
}

/** An image that stays, and all that speaks for it. */
export interface KeptImage extends CleanupImage {
  reasons: Reason[];
}

/** What a clean-up of a server would remove at the moment. */
export interface CleanupPlanView {
  serverId: string;
  /** Newest images that stay of each branch. */
  keep: number;
  remove: RemovableImage[];
  /** Containers and networks that killed smoke tests have left. */
  leftovers: { kind: 'container' | 'network'; name: string }[];
  freesBytes: number;
  /** The first 500, the largest first. */
  kept: KeptImage[];
  keptTotal: number;
}
