import type { BranchRole, buildDev, buildProd } from '@alfa-cloud/contracts';
import type { Cause } from '@alfa-cloud/event-sourcing';
import { inOrder, ownCause, type Implementation, type OperationEnd } from '@alfa-cloud/operations';
import type { Build } from '../builds/builds.ts';
import { decideOnBuilds, endAbandonedBuild, loadBuilds, untilTurn } from '../builds/record.ts';
import { inOne } from '../image/image-tags.ts';
import { chooseBuildServer } from '../servers/choose-build-server.ts';
import { knownServers, openServer } from '../servers/registered.ts';
import { checkTargets } from '../servers/targets.ts';
import { recordOf, type BuildDeps, type Building } from './building.ts';
import { buildStep } from './build-step.ts';
import { distributeStep } from './distribute-step.ts';
import { publishStep } from './publish-step.ts';
import { retentionStep } from './retention-step.ts';
import { smokeStep } from './smoke-step.ts';
import { sourceStep } from './source-step.ts';
import { switchStep } from './switch-step.ts';

/** What a build was asked for with. */
interface Asked {
  targetServers?: string[];
  force?: boolean;
  pushed?: string;
}

/**
 * Builds the image of a branch and brings it to the servers. One build of a branch at a time; the second one is refused with the first one's id, or
 * follows it when a push asks for it.
 */
export const buildImage = <Of extends typeof buildDev | typeof buildProd>(
  operation: Of,
  role: BranchRole,
  deps: BuildDeps,
): Implementation<Asked, Of> => ({
  operation,
  async begin({ data, operationId, cause, signal }) {
    const { serverId } = await begun(deps, role, { data, operationId, cause, signal });
    return {
      target: { type: 'none', id: null },
      ids: { buildId: operationId },
      servers: [serverId],
      untilTurn: () => untilTurn(deps, { operationId, role, cause, signal }),
      parameters: { ...data },
      steps: inOrder<Building>(operation, {
        source: sourceStep(deps, cause),
        build: buildStep(deps),
        'smoke-test': smokeStep(deps),
        publish: publishStep(deps, cause),
        distribute: distributeStep(deps, cause),
        retention: retentionStep(deps, cause),
        switch: switchStep(deps, cause),
      }),
      load: async () => {
        const { recent } = await loadBuilds(deps.store, role);
        const build = recent.find((each) => each.operationId === operationId);
        if (build === undefined) throw new Error(`Build ${operationId} has not begun`);
        const { server, cloud } = await openServer(deps, build.serverId);
        return { context: { role, build, server, cloud }, redact: (text) => text };
      },
      conclude: (building, end) => conclude(deps, building as Building, { end, cause }),
    };
  },
  afterwards: ({ cause }) => endAbandonedBuild(deps.store, role, cause),
});

/** Whether the build may begin, and where it builds: decided once. */
const begun = async (
  deps: BuildDeps,
  role: BranchRole,
  asked: { data: Asked; operationId: string; cause: Cause; signal: AbortSignal },
): Promise<{ serverId: string }> => {
  const { data, operationId, cause, signal } = asked;
  const { targetServers = null, force = false, pushed } = data;
  const { recent, queued } = await loadBuilds(deps.store, role);
  const known = [...recent, ...(queued === null ? [] : [queued])].find(
    (each) => each.operationId === operationId,
  );
  if (known !== undefined) return known;
  await endAbandonedBuild(deps.store, role, ownCause());
  if (targetServers !== null) await checkTargets(deps, targetServers);
  const { id: serverId } = chooseBuildServer(await knownServers(deps, signal));
  const startedAt = deps.clock().toISOString();
  const build = { operationId, role, serverId, startedAt, force, targetServers };
  const command = { type: 'begin', build, pushed } as const;
  const { events } = await decideOnBuilds(deps.store, role, { command, cause });
  const [event] = events;
  return event?.type === 'BuildBegun' || event?.type === 'BuildQueued' ? event.data : build;
};

const conclude = async (
  deps: BuildDeps,
  building: Building,
  { end, cause }: { end: OperationEnd; cause: Cause },
): Promise<Record<string, unknown>> => {
  const { build } = building;
  const { operationId } = build;
  switch (end.status) {
    case 'ok':
      await recordOf(deps, building, { command: { type: 'succeed', operationId }, cause });
      break;
    case 'error':
      await recordOf(deps, building, { command: { type: 'fail', operationId, cause: end.cause }, cause });
      break;
    case 'cancelled':
      await recordOf(deps, building, { command: { type: 'cancel', operationId }, cause });
      break;
    default:
      return end satisfies never;
  }
  return resultOf(build);
};

const resultOf = ({ operationId, commit, image, isReused, servers }: Build): Record<string, unknown> =>
  commit === null || image === null
    ? {}
    : {
        buildId: operationId,
        branch: commit.branch,
        commit: commit.sha,
        image: inOne(image),
        imageId: image.imageId,
        built: !isReused,
        servers: servers.map(({ serverId, name, outcome, bytesSent, failure }) => ({
          serverId,
          name,
          outcome,
          bytesSent,
          ...(failure === undefined ? {} : { code: failure.code, reason: failure.reason }),
        })),
      };
