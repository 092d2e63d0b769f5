import type { CloudServer, ImageSummary, Labels } from '@alfa-cloud/cloud-server';
import { Semaphore } from '@alfa-cloud/service-kit';
import { buildLabel } from '../image/image-tags.ts';
import { layersOf, type Layer } from './layers.ts';

/** An image on a server. */
export interface FoundImage extends ImageSummary {
  layers: readonly Layer[];
  /** By which it was made, as Docker writes it; null: not asked for, as no build of ours can have made it. */
  lastInstruction: string | null;
}

/** All that a clean-up looks at. */
export interface Found {
  images: readonly FoundImage[];
  containers: readonly { name: string; imageId: string; labels: Labels }[];
  networks: readonly { name: string; labels: Labels }[];
}

/** Ids of the images on a server. */
export const imageIdsOn = async ({ docker }: CloudServer, signal: AbortSignal): Promise<Set<string>> =>
  new Set((await docker.images({ signal })).map(({ id }) => id));

/** Questions to one engine at the same time. */
const atOnce = 4;

/** Looks at a server; what goes meanwhile is left out. */
export const lookAt = async ({ docker }: CloudServer, signal: AbortSignal): Promise<Found> => {
  const options = { signal };
  const slots = new Semaphore(atOnce);
  const found = async (summary: ImageSummary): Promise<FoundImage[]> => {
    const facts = await docker.image(summary.id, options);
    if (facts === null) return [];
    const isMaybeOurs = summary.labels[buildLabel.build] !== undefined;
    const steps = isMaybeOurs ? await docker.imageSteps(summary.id, options) : null;
    const lastInstruction = steps?.at(-1)?.instruction ?? null;
    return [{ ...summary, layers: layersOf(facts.layers, steps ?? []), lastInstruction }];
  };
  const images = await docker.images(options);
  const [looked, containers, networks] = await Promise.all([
    Promise.all(images.map((image) => slots.run(() => found(image), signal))),
    docker.listContainers(options),
    docker.networks(options),
  ]);
  return { images: looked.flat(), containers, networks };
};
