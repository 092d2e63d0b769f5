import type { Cause } from '@alfa-cloud/event-sourcing';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { imageFor } from '../builds/builds.ts';
import { loadBuilds } from '../builds/record.ts';
import { inOne } from '../image/image-tags.ts';
import { commitOf, recordOf, type BuildDeps, type Building } from './building.ts';

/** Besides the transfer, ms. */
const slackMs = 5 * 60_000;

/** Fetches the branch and chooses its newest commit, and the image of it where there is one already. Decided once. */
export const sourceStep = (deps: BuildDeps, cause: Cause): StepWork<Building> =>
  serverStep({
    deadlineMs: deps.config.fetchMs + slackMs,
    cancellable: true,
    probe: async ({ build }) => build.commit !== null,
    async act(building, { signal, output }) {
      const { role, build, cloud } = building;
      const { operationId, force } = build;
      const commit = await deps.source.resolve(role, { signal, log: (line) => output(`${line}\n`) });
      const dockerfile = await deps.dockerfile();
      const builds = await loadBuilds(deps.store, role);
      const { repository } = deps.config;
      const known = force ? null : imageFor(builds, commit, { dockerfile, repository });
      const isThere = known !== null && (await cloud.docker.image(known.imageId, { signal })) !== null;
      const reusedFrom = isThere ? known.operationId : null;
      await recordOf(deps, building, {
        command: { type: 'choose_commit', operationId, commit, dockerfile, reusedFrom },
        cause,
      });
      const { sha, branch, subject } = commitOf(building);
      const chosen = `Commit ${sha.slice(0, 12)} of branch ${branch}: ${subject}`;
      const { image, isReused } = building.build;
      return isReused && image !== null ? `${chosen}. It has been built already: ${inOne(image)}` : chosen;
    },
  });
