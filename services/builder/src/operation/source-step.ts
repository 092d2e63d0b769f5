import type { Cause } from '@alfa-cloud/event-sourcing';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import { loadBuilds } from '../builds/record.ts';
import { inOne } from '../image/image-tags.ts';
import { commitOf, recordOf, type BuildDeps, type Building } from './building.ts';

const fetchMs = 20 * 60_000;

/** Fetches the branch and chooses its newest commit, and the image of it where there is one already. Decided once. */
export const sourceStep = (deps: BuildDeps, cause: Cause): StepWork<Building> =>
  serverStep({
    deadlineMs: fetchMs,
    cancellable: true,
    probe: async ({ build }) => build.commit !== null,
    async act(building, { signal, output }) {
      const { role, build, cloud } = building;
      const { operationId, force } = build;
      const commit = await deps.source.resolve(role, { signal, log: (line) => output(`${line}\n`) });
      const { published } = await loadBuilds(deps.store, role);
      const known = force ? undefined : published.get(commit.sha);
      const isThere = known !== undefined && (await cloud.docker.image(known.imageId, { signal })) !== null;
      const reusedFrom = isThere ? known.operationId : null;
      await recordOf(deps, building, {
        command: { type: 'choose_commit', operationId, commit, reusedFrom },
        cause,
      });
      const { sha, branch, subject } = commitOf(building);
      const chosen = `Commit ${sha.slice(0, 12)} of branch ${branch}: ${subject}`;
      const { image, isReused } = building.build;
      return isReused && image !== null ? `${chosen}. It has been built already: ${inOne(image)}` : chosen;
    },
  });
