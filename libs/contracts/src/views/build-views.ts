import type { BranchRole, BuildPlace, BuiltCommit } from '../events/builds.ts';
import type { FailureCause } from '../events/operations.ts';
import type { Reason } from '../words/reason.ts';

export const buildStatuses = ['running', 'ok', 'error', 'cancelled'] as const;
export type BuildStatus = (typeof buildStatuses)[number];

/** A build of an image, with the id of its operation. */
export interface BuildView {
  id: string;
  role: BranchRole;
  status: BuildStatus;
  /** Null until the branch is fetched. */
  commit: BuiltCommit | null;
  /** The build whose image was taken, as the commit had been built before. */
  reusedFrom: string | null;
  /** Null until the image has passed its smoke test. */
  imageId: string | null;
  /** The image's names, its own first. */
  tags: string[];
  /** The server that builds. */
  serverId: string;
  /** Each server that was to get the image, once all have ended. */
  servers: BuildPlace[];
  failure: FailureCause | null;
  force: boolean;
  startedAt: string;
  endedAt: string | null;
  durationMs: number | null;
}

/** The build that an image comes from. */
export interface ImageBuild {
  buildId: string;
  role: BranchRole;
  branch: string;
  commit: string;
}

/** What has come into the repository from one build to another one. */
export interface BuildChangesView {
  buildId: string;
  /** The build that it is compared with; null: there is none before it on its branch. */
  since: { buildId: string; commit: string } | null;
  commit: string | null;
  /** Newest first; the first 200. */
  commits: { sha: string; author: string; committedAt: string; subject: string }[];
  /** Null where nobody can tell, which `reason` explains. */
  commitsTotal: number | null;
  /** Commits that were in the image of before and are in this one no more: the branch was changed by force, or taken back. */
  leftOut: number | null;
  filesChanged: number | null;
  reason: Reason | null;
}
