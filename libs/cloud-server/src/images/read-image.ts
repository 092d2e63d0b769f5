import { message } from '@alfa-cloud/contracts';
import { errorCode, errorMessage, errorName } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';
import type { DockerEngine, ImageFacts } from '../docker/docker-engine.ts';
import { countingStream } from './counting-stream.ts';
import { digestOf } from './digest.ts';
import type { CarryOptions } from './carry-options.ts';
import type { LayerCache } from './layer-cache.ts';
import { readArchive, type ArchivedImage } from './read-archive.ts';

/** Reads an image from an engine into the cache. Errors: as {@link ImageCarrier.carry} has them. */
export const readImage = async (
  cache: LayerCache,
  from: DockerEngine,
  image: ImageFacts,
  { signal, deadlineMs, onProgress }: Pick<CarryOptions, 'signal' | 'deadlineMs' | 'onProgress'>,
): Promise<ArchivedImage> => {
  const totalBytes = image.sizeBytes;
  const archive = countingStream((bytes) => onProgress?.({ phase: 'reading', bytes, totalBytes }));
  const saving = from.saveImage([image.id], archive, { signal, deadlineMs });
  saving.catch((error: Error) => archive.destroy(error));
  const reading = readArchive(archive, (content) => cache.keep(content, signal), signal);
  const [saved, read] = await Promise.allSettled([saving, reading]);
  signal.throwIfAborted();
  if (read.status === 'fulfilled' && saved.status === 'fulfilled') {
    const found = read.value.find(({ layers }) => layers.join() === image.layers.join());
    if (found === undefined) throw unreadable(image, 'it holds another image');
    if (digestOf(found.config) === image.id) await cache.keep([found.config], signal);
    return found;
  }
  const reason: unknown = read.status === 'rejected' ? read.reason : undefined;
  if (errorCode(reason) === 'ENOSPC') {
    const words = message`The disk of Alfa Cloud itself has no space for the layers of image ${image.id}`;
    throw new CloudServerError('final', 'disk_full', words, { cause: reason });
  }
  if (saved.status === 'rejected' && errorName(reason) !== 'ArchiveBroken') throw saved.reason;
  throw unreadable(image, errorMessage(reason), reason);
};

const unreadable = ({ id }: ImageFacts, why: string, cause?: unknown): CloudServerError =>
  new CloudServerError(
    'transient',
    'image_unreadable',
    message`The archive of image ${id} can't be read: ${why}`,
    {
      cause,
    },
  );
