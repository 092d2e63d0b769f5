import type { CloudServer } from '@alfa-cloud/cloud-server';
import { buildLabel, buildOfImage } from '../image/image-tags.ts';

/** Removes from a server what has come of the image of a build without having got its names: the transfer was cut off just then. */
export const removeUnnamed = async (
  { docker }: CloudServer,
  operationId: string,
  signal: AbortSignal,
): Promise<void> => {
  for (const { id, references, labels } of await docker.images({ signal })) {
    if (references.length > 0 || labels[buildLabel.build] !== operationId) continue;
    const steps = await docker.imageSteps(id, { signal });
    const build = buildOfImage(labels, steps?.at(-1)?.instruction ?? null);
    if (build?.operationId === operationId) await docker.untagImage(id, { signal });
  }
};
