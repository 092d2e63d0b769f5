import { message } from '@alfa-cloud/contracts';
import type Docker from 'dockerode';
import { CloudServerError } from '../cloud-server-error.ts';
import { call, getJson, orNull, unlessGone, unlessStatus } from './call.ts';
import { imageDefaultsOf } from './container-configuration.ts';
import { statusOf } from './docker-errors.ts';
import type { DockerEngine } from './docker-engine.ts';

const pullMs = 600_000;

/** The part of the port that concerns images and their names. */
export const imagesOf = (
  docker: Docker,
): Pick<
  DockerEngine,
  'image' | 'isInRegistry' | 'images' | 'imageSteps' | 'tagImage' | 'untagImage' | 'pullImage'
> => ({
  image: (reference, options) =>
    call(message`inspect image ${reference}`, options, (signal) =>
      orNull(async () => {
        const path = `/images/${reference}/json`;
        const image = (await getJson(docker, path, signal)) as Docker.ImageInspectInfo;
        return {
          id: image.Id,
          labels: image.Config?.Labels ?? {},
          user: image.Config?.User ?? '',
          defaults: imageDefaultsOf(image),
          layers: image.RootFS?.Layers ?? [],
          sizeBytes: image.Size,
          createdAt: new Date(image.Created),
          architecture: image.Architecture,
          os: image.Os,
        };
      }),
    ),
  isInRegistry: (reference, options) =>
    call(message`ask the registry for image ${reference}`, options, async (signal) => {
      try {
        await getJson(docker, `/distribution/${reference}/json`, signal);
        return true;
      } catch (error) {
        // The engine answers with various statuses when the registry refuses or is not there.
        if (statusOf(error) !== undefined) return false;
        throw error;
      }
    }),
  images: (options) =>
    call(message`list images`, options, async (abortSignal) =>
      (await docker.listImages({ abortSignal })).map((image) => ({
        id: image.Id,
        references: (image.RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'),
        labels: image.Labels ?? {},
        sizeBytes: image.Size,
        createdAt: new Date(image.Created * 1000),
      })),
    ),
  imageSteps: (reference, options) =>
    call(message`read the history of image ${reference}`, options, (signal) =>
      orNull(async () => {
        const steps = (await getJson(docker, `/images/${reference}/history`, signal)) as {
          CreatedBy: string;
          Size: number;
        }[];
        return steps.map(({ CreatedBy, Size }) => ({ instruction: CreatedBy, sizeBytes: Size })).toReversed();
      }),
    ),
  tagImage: (id, { repository, tag }, options) =>
    call(message`name image ${id} ${repository}:${tag}`, options, async (abortSignal) => {
      await docker.getImage(id).tag({ repo: repository, tag, abortSignal });
    }),
  untagImage: (reference, { evenIfUsed = false, ...options } = {}) =>
    call(message`remove image name ${reference}`, options, (abortSignal) =>
      // 409: a container is made from it.
      unlessStatus(409, () =>
        unlessGone(() => docker.getImage(reference).remove({ force: evenIfUsed, abortSignal })),
      ),
    ),
  pullImage: (reference, options) =>
    call(message`fetch image ${reference}`, { deadlineMs: pullMs, ...options }, async (abortSignal) => {
      // Without a tag Docker would fetch every one.
      const tagged = /[:@][^/]+$/.test(reference) ? reference : `${reference}:latest`;
      const progress = await docker.pull(tagged, { abortSignal });
      await followed(docker, reference, progress);
    }),
});

/** The engine answers 200 at once and tells of failures in what follows. */
const followed = (docker: Docker, reference: string, progress: NodeJS.ReadableStream): Promise<void> =>
  new Promise((resolve, reject) => {
    let refusal: string | undefined;
    docker.modem.followProgress(
      progress,
      (error) => {
        if (error !== null && error !== undefined) reject(error);
        else if (refusal === undefined) resolve();
        else
          reject(
            new CloudServerError(
              'final',
              'not_found',
              message`Docker could not fetch ${reference}: ${refusal}`,
            ),
          );
      },
      ({ error }: { error?: string }) => {
        if (error !== undefined) refusal = error;
      },
    );
  });
