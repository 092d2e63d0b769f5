import type { StepIo } from '@alfa-cloud/operations';
import type { CloudServer } from '@alfa-cloud/cloud-server';

/** Fetches an image that is not on the server yet. */
export const ensureImage = async (
  cloud: CloudServer,
  image: string,
  pullMs: number,
  { signal, output }: StepIo,
): Promise<void> => {
  if ((await cloud.docker.image(image, { signal })) !== null) return;
  output(`Image ${image} is not on the server, fetching it\n`);
  await cloud.docker.pullImage(image, { signal, deadlineMs: pullMs });
};
