import type { ImageFacts } from '../docker/docker-engine.ts';
import { layersIn } from './read-archive.ts';

/** Configurations are some KB each, 4 MB at most. */
const imagesMax = 8;

/**
 * Configurations of images that were read last, by the ids of the images: on an engine that keeps images in containerd an image has another id than
 * its configuration's digest, by which the cache has it.
 */
export class RecentConfigs {
  readonly #configs = new Map<string, Buffer>();

  /** Null also for that of other layers: the id of an image for several architectures is the same for each. */
  of({ id, layers }: Pick<ImageFacts, 'id' | 'layers'>): Buffer | null {
    const config = this.#configs.get(id);
    return config !== undefined && layersIn(config).join() === layers.join() ? config : null;
  }

  add(imageId: string, config: Buffer): void {
    this.#configs.delete(imageId);
    this.#configs.set(imageId, config);
    for (const oldest of this.#configs.keys()) {
      if (this.#configs.size <= imagesMax) return;
      this.#configs.delete(oldest);
    }
  }
}
