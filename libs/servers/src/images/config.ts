import { join } from 'node:path';
import type { LayerCacheOptions } from '@alfa-cloud/cloud-server';
import type { ConfigReader } from '@alfa-cloud/service-kit';

export interface ImagesConfig {
  /** Layers of images that are brought from one server to another; it may be removed at any time. */
  cache: LayerCacheOptions;
  /** Longest time of reading an image from a server, and of sending it to one, ms. */
  transferMs: number;
}

/** @param service whose directory has the cache: two processes that share one would remove each other's layers */
export const readImages = (read: ConfigReader, service: 'provisioner' | 'builder'): ImagesConfig => ({
  cache: {
    directory: join(read.string('ALFA_DATA_DIR', 'data'), service, 'layers'),
    bytesMax: read.integer('ALFA_IMAGE_CACHE_MB', { default: 10_240, min: 0 }) * 1024 * 1024,
  },
  transferMs: read.integer('ALFA_IMAGE_TRANSFER_TIMEOUT_S', { default: 3600, min: 1, max: 86_400 }) * 1000,
});
