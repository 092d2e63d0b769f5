import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { Cause } from '@alfa-cloud/event-sourcing';
import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import type { PublishedImage } from '../builds/builds.ts';
import { inOne, tagsOf, workName } from '../image/image-tags.ts';
import { commitOf, recordOf, type BuildDeps, type Building } from './building.ts';

const publishMs = 120_000;

/**
 * Gives the image its names on the server that has built it, and only then takes the one of the operation away. An image of before gets its names
 * again: the one of the branch may mean a later commit, which the branch was taken back from.
 */
export const publishStep = (deps: BuildDeps, cause: Cause): StepWork<Building> =>
  serverStep({
    deadlineMs: publishMs,
    async act(building, { signal }) {
      const { build, cloud } = building;
      if (build.isReused && build.image !== null) return nameAgain(cloud, build.image, signal);
      const { operationId, startedAt } = build;
      const { repository } = deps.config;
      const kept = inOne(workName(operationId));
      const { tag, movingTag } = tagsOf(commitOf(building), startedAt);
      // The last attempt may have come so far that the kept name is gone.
      const image =
        (await cloud.docker.image(kept, { signal })) ??
        (await cloud.docker.image(inOne({ repository, tag }), { signal }));
      if (image === null) throw new Error(`The image of build ${operationId} has gone`);
      for (const each of [tag, movingTag]) {
        await cloud.docker.tagImage(image.id, { repository, tag: each }, { signal });
      }
      await recordOf(deps, building, {
        command: { type: 'publish', image: { operationId, imageId: image.id, repository, tag, movingTag } },
        cause,
      });
      await cloud.docker.untagImage(kept, { signal });
      return `Image ${inOne({ repository, tag })}; ${inOne({ repository, tag: movingTag })} means it from now on`;
    },
  });

const nameAgain = async (
  { docker }: CloudServer,
  { imageId, repository, tag, movingTag }: PublishedImage,
  signal: AbortSignal,
): Promise<string> => {
  for (const each of [tag, movingTag]) await docker.tagImage(imageId, { repository, tag: each }, { signal });
  return `${inOne({ repository, tag: movingTag })} means image ${inOne({ repository, tag })} from now on`;
};
