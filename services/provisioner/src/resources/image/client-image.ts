import type { CallOptions, CloudServer, ImageFacts } from '@alfa-cloud/cloud-server';
import { isClientImage } from '@alfa-cloud/servers';
import { isKeptImageName } from './kept-image.ts';

/** Why no client can be made from an image: it is `absent` from the server, or something `other` than the client application. */
export type NoClientImage = 'absent' | 'other';

/** The image that the reference means on the server now, if a client can be made from it. */
export const clientImageOn = async (
  { docker }: CloudServer,
  reference: string,
  options: CallOptions,
): Promise<ImageFacts | NoClientImage> => {
  if (isKeptImageName(reference)) return 'other';
  const image = await docker.image(reference, options);
  if (image === null) return 'absent';
  return isClientImage(image.labels) ? image : 'other';
};
