import { Semaphore } from '@alfa-cloud/service-kit';
import type { CallOptions } from '../call-options.ts';
import type { DockerEngine } from '../docker/docker-engine.ts';

/** Images inspected at the same time. */
const inspectedAtOnce = 8;

/**
 * How many of the layers, from the oldest on, an engine has in the same place of some image. Only there a layer can be used again: an engine
 * knows it by all that lie below it.
 */
export const countSharedLayers = async (
  docker: DockerEngine,
  layers: readonly string[],
  options: CallOptions,
): Promise<number> => {
  const slots = new Semaphore(inspectedAtOnce);
  const images = await docker.images(options);
  const counts = await Promise.all(
    images.map(({ id }) =>
      slots.run(async () => sameFromTheStart(layers, (await docker.image(id, options))?.layers ?? [])),
    ),
  );
  return Math.max(0, ...counts);
};

const sameFromTheStart = (a: readonly string[], b: readonly string[]): number => {
  const differs = a.findIndex((layer, index) => layer !== b[index]);
  return differs === -1 ? a.length : differs;
};
