import { isCloudServerError, type CloudServer } from '@alfa-cloud/cloud-server';
import { freedByEach } from './layers.ts';
import type { CleanupPlan } from './plan.ts';

/** What a clean-up has removed. */
export interface Removed {
  images: readonly { id: string; references: readonly string[] }[];
  leftovers: number;
  freedBytes: number;
}

interface Io {
  signal: AbortSignal;
  output: (text: string) => void;
}

/**
 * Carries a plan out. What begins to be used meanwhile stays, as the engine removes no image that a container is made from; it is told. Failures:
 * those of the connection.
 */
export const removeAll = async (
  { docker }: CloudServer,
  { remove, leftovers, kept }: CleanupPlan,
  { signal, output }: Io,
): Promise<Removed> => {
  let removedLeftovers = 0;
  for (const { kind, name } of leftovers) {
    const removal = () =>
      kind === 'container'
        ? docker.removeContainer(name, { signal })
        : docker.removeNetwork(name, { signal });
    if (!(await isDone(removal, output))) continue;
    removedLeftovers += 1;
    output(`Removed ${kind} ${name}\n`);
  }
  const gone: (typeof remove)[number][] = [];
  const stayed: (typeof remove)[number][] = [];
  for (const each of remove) {
    const { id, references } = each.image;
    const names = references.length === 0 ? [id] : references;
    const untag = async () => {
      for (const name of names) await docker.untagImage(name, { signal });
    };
    const isGone = (await isDone(untag, output)) && (await docker.image(id, { signal })) === null;
    (isGone ? gone : stayed).push(each);
    output(
      `${isGone ? 'Removed' : 'Still in use:'} image ${references.join(', ') || id}: ${each.reason.reason}\n`,
    );
  }
  const layersOf = (each: { image: { layers: (typeof kept)[number]['image']['layers'] } }) =>
    each.image.layers;
  const freed = freedByEach(gone.map(layersOf), [...kept, ...stayed].map(layersOf));
  return {
    images: gone.map(({ image: { id, references } }) => ({ id, references })),
    leftovers: removedLeftovers,
    freedBytes: freed.reduce((sum, bytes) => sum + bytes, 0),
  };
};

/** False: the engine has refused it, and says why. */
const isDone = async (act: () => Promise<void>, output: (text: string) => void): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch (error) {
    if (!isCloudServerError(error) || error.code !== 'docker_refused') throw error;
    output(`${error.message}\n`);
    return false;
  }
};
