import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';

const keptPrefix = 'alfa-keep/';
const tag = 'previous';

/**
 * Name on the server of the image that a rollback of the client leads to. With a name of its own it outlives that its tag is built anew, and
 * a prune of what has no name.
 */
export const keptImageName = (slug: string): string => `${keptPrefix}${slug}:${tag}`;

/** True for a name that only keeps an image: it is no release that a client could be switched to. */
export const isKeptImageName = (reference: string): boolean => reference.startsWith(keptPrefix);

/**
 * Gives the image the client's name for it. The one that had the name before is removed with it, unless something else names or uses it.
 * Safe to repeat. Answers false when the image is not on the server any more.
 */
export const keepImage = async (
  { docker }: CloudServer,
  slug: string,
  imageId: string,
  options: CallOptions,
): Promise<boolean> => {
  const name = keptImageName(slug);
  if ((await docker.image(imageId, options)) === null) return false;
  const kept = await docker.image(name, options);
  if (kept?.id === imageId) return true;
  if (kept !== null) await docker.untagImage(name, options);
  await docker.tagImage(imageId, { repository: `${keptPrefix}${slug}`, tag }, options);
  return true;
};

/** Takes the name away for good, and with it an image that nothing else names or uses. No-op when there is none. Answers a sentence for the log. */
export const letGoOfKeptImage = async (
  { docker }: CloudServer,
  slug: string,
  options: CallOptions,
): Promise<string> => {
  const name = keptImageName(slug);
  if ((await docker.image(name, options)) === null) return 'No image was kept';
  await docker.untagImage(name, { ...options, evenIfUsed: true });
  return `Image name ${name} removed`;
};
