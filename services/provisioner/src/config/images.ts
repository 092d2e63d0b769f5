import { join } from 'node:path';
import type { LayerCacheOptions } from '@alfa-cloud/cloud-server';
import type { ConfigReader } from '@alfa-cloud/service-kit';
import { seconds } from './seconds.ts';

export interface ImagesConfig {
  /** Layers of images that are brought from one server to another; it may be removed at any time. */
  cache: LayerCacheOptions;
  /** Longest time of reading an image from a server, and of sending it to one, ms. */
  transferMs: number;
}

export const readImages = (read: ConfigReader): ImagesConfig => ({
  cache: {
    directory: join(read.string('ALFA_DATA_DIR', 'data'), 'provisioner', 'layers'),
    bytesMax: read.integer('ALFA_IMAGE_CACHE_MB', { default: 10_240, min: 0 }) * 1024 * 1024,
  },
  transferMs: seconds(read, 'ALFA_IMAGE_TRANSFER_TIMEOUT_S', 3600),
});
