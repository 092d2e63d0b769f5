import type { CloudServer, ImageCarrier } from '@alfa-cloud/cloud-server';
import type { BranchRole, SwitchRule } from '@alfa-cloud/contracts';
import type { Cause } from '@alfa-cloud/event-sourcing';
import type { CommandSender } from '@alfa-cloud/messaging';
import type { Clock } from '@alfa-cloud/service-kit';
import type { RegisteredServer } from '@alfa-cloud/servers';
import type { Build, BuildCommand } from '../builds/builds.ts';
import { decideOnBuilds } from '../builds/record.ts';
import type { ServersDeps } from '../servers/registered.ts';
import type { SmokeConfig } from '../smoke/smoke-config.ts';
import type { Source } from '../source/source.ts';

/** What the operator may set about builds. */
export interface BuildConfig {
  /** Directory below which commits are checked out. */
  workspaces: string;
  /** Repository of the images' names. */
  repository: string;
  /** Limits of each command of a build: memory in MiB, CPUs in cores. */
  limits: { memoryMb: number; cpus: number };
  /** Longest time of one build, ms. */
  buildMs: number;
  /** Newest images of each branch that stay on a server. */
  keep: number;
  /** Longest time of one transfer from the repository, ms. */
  fetchMs: number;
  /** Longest time of reading an image from a server, and of sending it to one, ms. */
  transferMs: number;
  smoke: SmokeConfig;
}

export interface BuildDeps extends ServersDeps {
  source: Source;
  /** Path of the Dockerfile in the repository, as it is set now. */
  dockerfile: () => Promise<string>;
  /** What follows the builds of a branch, as it is set now; null: nothing. */
  switchRule: (role: BranchRole) => Promise<SwitchRule | null>;
  /** Asked for when there is something to send: it is there once the service is connected. */
  commands: () => Pick<CommandSender, 'send'>;
  carrier: ImageCarrier;
  config: BuildConfig;
  clock: Clock;
}

/** A build under way: what its steps share. */
export interface Building {
  role: BranchRole;
  /** As recorded; a step that records something puts it anew. */
  build: Build;
  server: RegisteredServer;
  cloud: CloudServer;
}

/** Records a move of the build, and lets the following steps see it. */
export const recordOf = async (
  { store }: Pick<BuildDeps, 'store'>,
  building: Building,
  { command, cause }: { command: BuildCommand; cause: Cause },
): Promise<void> => {
  const { state } = await decideOnBuilds(store, building.role, { command, cause });
  if (state.running?.operationId === building.build.operationId) building.build = state.running;
};

/** The commit of a build whose branch was fetched. */
export const commitOf = ({ build }: Building) => {
  if (build.commit === null) throw new Error(`Build ${build.operationId} has no commit yet`);
  return build.commit;
};
