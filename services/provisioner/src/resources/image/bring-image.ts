import type { CloudServer, ImageCarrier, ImageFacts } from '@alfa-cloud/cloud-server';
import { message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import {
  carryImage,
  imageInWords,
  isClientImage,
  nameCarried,
  nameParts,
  type RegisteredServer,
} from '@alfa-cloud/servers';
import { final } from '../../on-server/failures.ts';
import { findImage, nowhere, type FindImageDeps, type ImageSource, type SoughtImage } from './find-image.ts';

export interface ImageTransferConfig {
  /** Longest time of reading an image from a server, and of sending it to one, ms. */
  transferMs: number;
  /** Longest time in which a server fetches an image from its registry, ms. */
  pullMs: number;
}

export interface BringImageDeps extends FindImageDeps {
  carrier: ImageCarrier;
  imageTransfer: ImageTransferConfig;
}

export interface Brought {
  /** Docker's id of the image on the server. Another one than was asked for where one of the two servers keeps images in containerd. */
  imageId: string;
  /** The server that it came from; `present`: it was there. */
  from: ImageSource['server'] | 'registry' | 'present';
  bytesSent: number;
}

/**
 * Sees to it that a server has an image under its name: brings it from another server, only the layers that are missing, else from its
 * registry. Repeatable after a crash at any moment. It leaves the image there for good: others may use it at once.
 * Failures: final `image_name_taken` when the name means another image than the one that is wanted by its id, before anything is sent; final
 * `image_not_on_server` when nobody has it or it is no client application; final `disk_full`; those of the servers.
 */
export const bringImage = async (
  deps: BringImageDeps,
  { to, ...wanted }: SoughtImage & { to: RegisteredServer },
  io: Pick<StepIo, 'signal' | 'output' | 'transfer'>,
): Promise<Brought> => {
  const { signal } = io;
  const cloud = deps.cloudServers.of(to);
  const { reference, imageId } = wanted;
  const held = await nameHeld(cloud, wanted, signal);
  if (held !== null) return { imageId: held.id, from: 'present', bytesSent: 0 };
  const there = imageId === undefined ? null : await cloud.docker.image(imageId, { signal });
  if (there !== null) {
    await giveName(cloud, wanted, there.id, signal);
    return { imageId: there.id, from: 'present', bytesSent: 0 };
  }
  const found = await findImage(deps, wanted, { to, signal });
  const [source] = found.sources;
  if (source !== undefined) return carry(deps, { source, cloud, wanted }, io);
  if (!found.inRegistry) {
    const name = imageId === undefined ? reference : imageInWords(reference, imageId);
    throw final('image_not_on_server', nowhere({ name, reference, server: to.name }, found));
  }
  return pull(deps, cloud, wanted, io);
};

/** What the name means on the server; null: nothing yet. */
const nameHeld = async (
  { docker }: CloudServer,
  { reference, imageId }: SoughtImage,
  signal: AbortSignal,
): Promise<ImageFacts | null> => {
  const held = await docker.image(reference, { signal });
  if (held === null || imageId === undefined || held.id === imageId) return held;
  throw final(
    'image_name_taken',
    message`On the server the name ${reference} belongs to image ${held.id}, and it is not taken from it for ${imageId}`,
  );
};

const giveName = async (
  cloud: CloudServer,
  wanted: SoughtImage,
  id: string,
  signal: AbortSignal,
): Promise<void> => {
  // Somebody may have given the name to another image meanwhile, which would lose it.
  if ((await nameHeld(cloud, { ...wanted, imageId: id }, signal)) !== null) return;
  await nameCarried(cloud.docker, id, nameParts(wanted.reference), { signal });
};

const carry = async (
  { carrier, imageTransfer }: BringImageDeps,
  { source, cloud, wanted }: { source: ImageSource; cloud: CloudServer; wanted: SoughtImage },
  io: Pick<StepIo, 'signal' | 'output' | 'transfer'>,
): Promise<Brought> => {
  const { server, image } = source;
  const { imageId, bytesSent } = await carryImage(
    { carrier, transferMs: imageTransfer.transferMs },
    { from: { name: server.name, cloud: source.cloud }, to: cloud, image, reference: wanted.reference },
    io,
  );
  await giveName(cloud, wanted, imageId, io.signal);
  return { imageId, from: { id: server.id, name: server.name }, bytesSent };
};

const pull = async (
  { imageTransfer }: BringImageDeps,
  { docker }: CloudServer,
  { reference, imageId }: SoughtImage,
  { signal, output }: Pick<StepIo, 'signal' | 'output'>,
): Promise<Brought> => {
  output(`Image ${reference} comes from its registry\n`);
  await docker.pullImage(reference, { signal, deadlineMs: imageTransfer.pullMs });
  const image = await docker.image(reference, { signal });
  if (image === null || !isClientImage(image.labels)) {
    throw final('image_not_on_server', message`Image ${reference} is not a client application`);
  }
  if (imageId !== undefined && image.id !== imageId) {
    const words = message`The registry gives another image as ${reference}, ${image.id} instead of ${imageId}`;
    throw final('image_not_on_server', words);
  }
  return { imageId: image.id, from: 'registry', bytesSent: 0 };
};
