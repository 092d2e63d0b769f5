import type { DockerEngine } from '../docker/docker-engine.ts';
import { fail, stepsOfImage, type FakeEngine, type FakeImage } from './fake-engine.ts';

/** The image with that reference or id. */
export const factsOf = (engine: FakeEngine, reference: string): FakeImage | undefined =>
  engine.images.get(reference) ?? [...engine.images.values()].find(({ id }) => id === reference);

/** Lets a name mean another image, as a build does; the one that had it stays without a name. */
export const nameImage = (engine: FakeEngine, reference: string, facts: FakeImage): void => {
  const former = engine.images.get(reference);
  engine.images.set(reference, facts);
  if (former !== undefined && factsOf(engine, former.id) === undefined) engine.images.set(former.id, former);
  for (const follower of engine.followers) follower.tellOfImage();
};

/** The part of the port that concerns names of images, and how they were made. */
export const fakeImageNames = (
  engine: FakeEngine,
): Pick<DockerEngine, 'imageSteps' | 'tagImage' | 'untagImage'> => ({
  async imageSteps(reference) {
    const found = factsOf(engine, reference);
    return found === undefined ? null : stepsOfImage(found);
  },
  async tagImage(id, { repository, tag }) {
    const facts = factsOf(engine, id);
    if (facts === undefined) throw fail('not_found', `No such image: ${id}`);
    engine.images.delete(id);
    nameImage(engine, `${repository}:${tag}`, facts);
  },
  async untagImage(reference, { evenIfUsed = false } = {}) {
    const facts = engine.images.get(reference);
    if (facts === undefined) return;
    const isLast = ![...engine.images].some(([name, { id }]) => id === facts.id && name !== reference);
    const isUsed = [...engine.containers.values()].some(({ imageId }) => imageId === facts.id);
    if (isLast && isUsed && !evenIfUsed) return;
    engine.images.delete(reference);
    if (isLast && isUsed) engine.images.set(facts.id, facts);
  },
});
