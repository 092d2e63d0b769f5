import type { CallOptions, CloudServer, ImageFacts } from '@alfa-cloud/cloud-server';
import { isKeptImageName } from './kept-image.ts';
import { isClientImage } from '../../on-server/labels.ts';

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

/** An image in words: `alfa-client:1.4.0 (3f2a9c01b7d4)`. */
export const inWords = (reference: string, imageId: string): string =>
  `${reference} (${imageId.replace(/^sha256:/, '').slice(0, 12)})`;
