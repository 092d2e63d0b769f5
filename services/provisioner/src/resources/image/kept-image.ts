import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';

const keptPrefix = 'alfa-keep/';
const tag = 'previous';

/** Name on the server of the image that a rollback of the client leads to. It outlives a new build under the image's tag, and a prune. */
export const keptImageName = (slug: string): string => `${keptPrefix}${slug}:${tag}`;

/** True for a name that only keeps an image: no client can be switched to it. */
export const isKeptImageName = (reference: string): boolean => reference.startsWith(keptPrefix);

/** The image that a rollback of the client leads to, kept by a name of the client's own. */
export const keptImage = ({ docker }: CloudServer, slug: string) => {
  const name = keptImageName(slug);
  return {
    inspect: (options: CallOptions) => docker.image(name, options),
    /**
     * Gives the image the name. The image that had it before is removed, unless something else names or uses it.
     * @returns false when the image is not on the server any more
     */
    async ensure(imageId: string, options: CallOptions): Promise<boolean> {
      if ((await docker.image(imageId, options)) === null) return false;
      const kept = await docker.image(name, options);
      if (kept?.id === imageId) return true;
      if (kept !== null) await docker.untagImage(name, options);
      await docker.tagImage(imageId, { repository: `${keptPrefix}${slug}`, tag }, options);
      return true;
    },
    /** Removes the name, and the image if nothing else names or uses it. @returns a sentence for the log */
    async remove(options: CallOptions): Promise<string> {
      if ((await docker.image(name, options)) === null) return 'No image was kept';
      await docker.untagImage(name, { ...options, evenIfUsed: true });
      return `Image name ${name} removed`;
    },
  };
};
