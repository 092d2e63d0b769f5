import type { ImageSummary } from '@alfa-cloud/cloud-server';
import type { ServerImage } from '@alfa-cloud/contracts';
import { isClientImage, label } from '@alfa-cloud/servers';
import type { OtherImages } from '../../on-server/other-images.ts';
import { isKeptImageName } from './kept-image.ts';

/** The images of the client application among all on a server, without the names that Alfa Cloud has given them to keep them. */
export const clientImages = (
  images: readonly ImageSummary[],
  otherImages: OtherImages,
): Omit<ServerImage, 'clientIds'>[] =>
  images
    .filter(({ labels }) => isClientImage(labels))
    .map(({ id, references, labels, sizeBytes, createdAt }) => ({
      id,
      references: references
        .filter((reference) => !otherImages.includes(reference) && !isKeptImageName(reference))
        .toSorted(),
      version: labels[label.imageVersion] ?? null,
      sizeBytes,
      createdAt: createdAt.toISOString(),
    }));
