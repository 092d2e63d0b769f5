import { message } from '@alfa-cloud/contracts';
import type { CallOptions } from '../call-options.ts';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';
import type { DockerEngine, ImageFacts } from '../docker/docker-engine.ts';
import type { CarryOptions } from './carry-options.ts';
import { LayerCache, type LayerCacheOptions } from './layer-cache.ts';
import type { ArchivedImage } from './read-archive.ts';
import { readImage } from './read-image.ts';
import { RecentConfigs } from './recent-configs.ts';
import { sendImage } from './send-image.ts';
import { SharedWork } from './shared-work.ts';
import { countSharedLayers } from './shared-layers.ts';

export interface Carried {
  /** Docker's id of the image on the engine where it is now. It is another one than before where one of the two keeps images in containerd. */
  imageId: string;
  /** Bytes of layers that were sent. */
  bytesSent: number;
  /** Layers of the image that the engine had. */
  sharedLayers: number;
}

/** Brings images from one engine to another, only the layers that are missing there, without a registry. */
export interface ImageCarrier {
  /**
   * After it the image is on the engine, without a name of its own; proven by its id or, where ids differ, by its layers. Repeatable after a crash at any moment: nothing is left
   * but layers in the cache, which are not read again. Several at a time read an image once.
   * Errors: those of the engines; final `image_differs`; transient `image_unreadable` for an archive that is not whole, or a layer that has gone from the cache: the next call reads it again.
   * @param image as the engine tells of it that has it
   */
  carry(
    places: { from: DockerEngine; to: DockerEngine; image: ImageFacts },
    options: CarryOptions,
  ): Promise<Carried>;
  /**
   * Reads the image into the cache, so that a {@link carry} of it need not wait for that. What is there already is not read again, and an image that is
   * larger than the cache not at all: it would not stay there.
   * Errors: those of the engine; transient `image_unreadable`.
   */
  readAhead(
    places: { from: DockerEngine; image: ImageFacts },
    options: Omit<CarryOptions, 'beforeSending'>,
  ): Promise<void>;
}

export const createImageCarrier = (options: LayerCacheOptions): ImageCarrier => {
  const cache = new LayerCache(options);
  const configs = new RecentConfigs();
  const reads = new SharedWork<ArchivedImage>();

  /** From the cache where that has all that is needed, else from the engine. */
  const imageWith = async (
    from: DockerEngine,
    image: ImageFacts,
    needed: ReadonlySet<string>,
    io: CarryOptions,
  ): Promise<ArchivedImage> => {
    const config = configs.of(image) ?? (await cache.read(image.id));
    const there = await cache.present([...needed]);
    if (config !== null && there.size === needed.size) return { config, layers: [...image.layers] };
    const found = await reads.join(image.id, io.signal, (signal) =>
      readImage(cache, from, image, { ...io, signal }),
    );
    configs.add(image.id, found.config);
    return found;
  };

  return {
    async carry({ from, to, image }, io) {
      const release = cache.hold([image.id, ...image.layers]);
      const send = async (layers: readonly string[]) => {
        const needed = new Set(layers);
        return sendImage(cache, to, await imageWith(from, image, needed, io), needed, io);
      };
      try {
        const sharedLayers = await countSharedLayers(to, image.layers, { signal: io.signal });
        const { loaded, bytesSent } = await send(image.layers.slice(sharedLayers)).catch((error: unknown) => {
          // An engine that keeps images in containerd, or that has lost an image meanwhile, wants all of it.
          if (sharedLayers === 0 || !isRefusal(error)) throw error;
          return send(image.layers);
        });
        const imageId = await provenId(to, image, loaded, { signal: io.signal });
        return { imageId, bytesSent, sharedLayers };
      } finally {
        await release();
      }
    },
    async readAhead({ from, image }, io) {
      if (image.sizeBytes > options.bytesMax) return;
      const release = cache.hold([image.id, ...image.layers]);
      try {
        await imageWith(from, image, new Set(image.layers), io);
      } finally {
        await release();
      }
    },
  };
};

const isRefusal = (error: unknown): boolean => isCloudServerError(error) && error.code === 'docker_refused';

const provenId = async (
  to: DockerEngine,
  image: ImageFacts,
  loaded: readonly string[],
  options: CallOptions,
): Promise<string> => {
  if ((await to.image(image.id, options)) !== null) return image.id;
  for (const name of loaded) {
    const found = await to.image(name, options);
    if (found !== null && found.layers.join() === image.layers.join()) return found.id;
  }
  const words = message`Image ${image.id} is not what the Docker Engine has loaded: ${loaded.join(', ')}`;
  throw new CloudServerError('final', 'image_differs', words);
};
