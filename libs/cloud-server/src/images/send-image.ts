import { pipeline } from 'node:stream';
import type { DockerEngine } from '../docker/docker-engine.ts';
import { countingStream } from './counting-stream.ts';
import type { CarryOptions } from './carry-options.ts';
import type { LayerCache } from './layer-cache.ts';
import type { ArchivedImage } from './read-archive.ts';
import { writeArchive } from './write-archive.ts';

/**
 * Sends an image with some of its layers from the cache to an engine.
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
  const archive = writeArchive(image, layers, async (layer) => {
    const found = await cache.open(layer);
    if (found === null) throw new Error(`layer ${layer} has gone from the cache`);
    const sent = before;
    before += found.bytes;
    const counter = countingStream((bytes) =>
      onProgress?.({ phase: 'sending', bytes: sent + bytes, totalBytes }),
    );
    return { bytes: found.bytes, content: pipeline(found.content, counter, () => undefined) };
  });
  const { loaded } = await to.loadImage(archive, { signal, deadlineMs });
  return { loaded, bytesSent: totalBytes };
};
