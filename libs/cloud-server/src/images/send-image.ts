import { pipeline } from 'node:stream';
import { message } from '@alfa-cloud/contracts';
import { errorCode, errorName } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';
import type { DockerEngine } from '../docker/docker-engine.ts';
import { countingStream } from './counting-stream.ts';
import type { CarryOptions } from './carry-options.ts';
import type { LayerCache } from './layer-cache.ts';
import type { ArchivedImage } from './read-archive.ts';
import { writeArchive } from './write-archive.ts';

/**
 * Sends an image with some of its layers from the cache to an engine.
 * Errors: those of the engine; transient `image_unreadable` for a layer that has gone from the cache, or was damaged there.
 * @returns what the engine says that it has loaded, and how many bytes of layers were sent
 */
export const sendImage = async (
  cache: LayerCache,
  to: DockerEngine,
  image: ArchivedImage,
  layers: ReadonlySet<string>,
  { signal, deadlineMs, onProgress, beforeSending }: CarryOptions,
): Promise<{ loaded: string[]; bytesSent: number }> => {
  const totalBytes = await cache.bytesOf([...layers]);
  await beforeSending?.(totalBytes);
  let before = 0;
  let lost: CloudServerError | null = null;
  const archive = writeArchive(image, layers, async (layer) => {
    const found = await cache.open(layer);
    if (found === null) throw (lost = lostLayer(layer));
    const sent = before;
    before += found.bytes;
    const counter = countingStream((bytes) =>
      onProgress?.({ phase: 'sending', bytes: sent + bytes, totalBytes }),
    );
    const content = pipeline(found.content, counter, (error) => {
      if (isLost(error)) lost = lostLayer(layer, error);
    });
    return { bytes: found.bytes, content };
  });
  try {
    const { loaded } = await to.loadImage(archive, { signal, deadlineMs });
    return { loaded, bytesSent: totalBytes };
  } catch (error) {
    // The engine may have its own words for an archive that breaks off.
    throw (lost as CloudServerError | null) ?? error;
  }
};

/** The cache may be removed at any time, also while a layer is read from it. */
const isLost = (error: unknown): boolean =>
  errorName(error) === 'LayerDamaged' || errorCode(error) === 'ENOENT';

const lostLayer = (layer: string, cause?: unknown): CloudServerError =>
  new CloudServerError(
    'transient',
    'image_unreadable',
    message`Layer ${layer} has gone from the cache of Alfa Cloud, or was damaged there: the image has to be read again`,
    { cause },
  );
