/** Configurations are some KB each, 4 MB at most. */
const imagesMax = 8;

/**
 * Configurations of images that were read last, by the ids of the images: on an engine that keeps images in containerd an image has another id than
 * its configuration's digest, by which the cache has it.
 */
export class RecentConfigs {
  readonly #configs = new Map<string, Buffer>();

  of(imageId: string): Buffer | null {
    return this.#configs.get(imageId) ?? null;
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
