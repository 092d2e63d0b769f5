import type { Carried, CarryProgress, CloudServer, ImageCarrier, ImageFacts } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import { StepFailure, type StepIo } from '@alfa-cloud/operations';
import { freeOnDockerDisk } from './docker-disk.ts';
import { imageInWords } from './image-name.ts';

export interface CarryImageDeps {
  carrier: ImageCarrier;
  /** Longest time of reading an image from a server, and of sending it to one, ms. */
  transferMs: number;
}

/** An image, the server that has it, and the one that wants it. */
export interface CarryImage {
  from: { name: string; cloud: CloudServer };
  to: CloudServer;
  image: ImageFacts;
  /** Its name, for the log. */
  reference: string;
}

/**
 * Brings an image to a server, only the layers that are missing there, and tells how far it is. It has no name there yet.
 * Failures: final `disk_full` before anything is sent; those of {@link ImageCarrier.carry}.
 */
export const carryImage = async (
  { carrier, transferMs }: CarryImageDeps,
  { from, to, image, reference }: CarryImage,
  { signal, output, transfer }: Pick<StepIo, 'signal' | 'output' | 'transfer'>,
): Promise<Carried> => {
  output(`Image ${imageInWords(reference, image.id)} comes from server ${from.name}\n`);
  const carried = await carrier.carry(
    { from: from.cloud.docker, to: to.docker, image },
    {
      signal,
      deadlineMs: transferMs,
      onProgress: progressTo(transfer),
      beforeSending: (bytes) => refuseFullDisk(to, bytes, signal),
    },
  );
  output(`${carried.sharedLayers} of ${image.layers.length} layers were there already\n`);
  return carried;
};

/**
 * Reads an image from the server that has it, so that {@link carryImage} need not wait for that. Failures: those of {@link ImageCarrier.readAhead}.
 */
export const readImageAhead = (
  { carrier, transferMs }: CarryImageDeps,
  { from, image }: { from: CloudServer; image: ImageFacts },
  { signal, transfer }: Pick<StepIo, 'signal' | 'transfer'>,
): Promise<void> =>
  carrier.readAhead(
    { from: from.docker, image },
    { signal, deadlineMs: transferMs, onProgress: progressTo(transfer) },
  );

const progressTo =
  (transfer: StepIo['transfer']) =>
  ({ phase, bytes, totalBytes }: CarryProgress) =>
    transfer({ what: `image, ${phase}`, bytes, totalBytes });

/** The engine unpacks the archive before it takes the layers in. */
const copies = 2;

const refuseFullDisk = async (cloud: CloudServer, bytes: number, signal: AbortSignal): Promise<void> => {
  const free = await freeOnDockerDisk(cloud, { signal });
  if (free === null || free.bytes >= copies * bytes) return;
  const words = message`Docker's disk on the server has ${megabytes(free.bytes)} MB free, and the image needs ${megabytes(copies * bytes)} MB while it is loaded`;
  throw new StepFailure('final', 'disk_full', words);
};

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
