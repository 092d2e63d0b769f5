import type { DockerEngine, Labels, NamedThing } from '../docker/docker-engine.ts';
import { fakeContainers } from './fake-containers.ts';
import { fakeImageStreams } from './fake-image-streams.ts';
import { factsOf, fakeImageNames, nameImage } from './fake-images.ts';
import { fakeNetworks } from './fake-networks.ts';
import { factsOfImage, fail, type FakeBehaviour, type FakeEngine, type FakeFollower } from './fake-engine.ts';

/** {@link DockerEngine} over an engine in memory that keeps to the port's words on no-ops and errors. */
export const fakeDocker = (engine: FakeEngine, behaviour: FakeBehaviour): DockerEngine => {
  const docker: DockerEngine = {
    ping: async () => {},
    info: async () => engine.info,
    async image(reference) {
      const found = factsOf(engine, reference);
      return found === undefined ? null : factsOfImage(found);
    },
    ...fakeImageNames(engine),
    ...fakeImageStreams(engine, behaviour),
    images: async () =>
      [...Map.groupBy(engine.images, ([, { id }]) => id)].map(([id, named]) => ({
        id,
        references: named.flatMap(([reference]) => (reference === id ? [] : [reference])),
        labels: named[0]?.[1].labels ?? {},
        sizeBytes: named[0]?.[1].sizeBytes ?? 1,
        createdAt: named[0]?.[1].createdAt ?? new Date(0),
      })),
    isInRegistry: async (reference) => engine.registry.has(reference),
    async pullImage(reference) {
      const found = engine.registry.get(reference);
      if (found === undefined) throw fail('not_found', `No registry has ${reference}`);
      nameImage(engine, reference, found);
    },
    ...fakeNetworks(engine),
    volume: async (name) => namedIn(engine.volumes, name),
    async createVolume(name, labels) {
      if (!engine.volumes.has(name)) engine.volumes.set(name, labels);
    },
    async removeVolume(name) {
      const users = [...engine.containers.values()].filter(({ spec }) =>
        spec.mounts.some((mount) => mount.kind === 'volume' && mount.volume === name),
      );
      if (users.length > 0) throw fail('docker_refused', `Volume ${name} is in use`);
      engine.volumes.delete(name);
    },
    ...fakeContainers(engine, behaviour),
    followEvents: ({ labels, signal, onOpen, onEvent, onImage }) =>
      new Promise((resolve, reject) => {
        const follower: FakeFollower = {
          labels,
          tell: onEvent,
          tellOfImage: () => onImage?.(),
          cut(error) {
            engine.followers.delete(follower);
            reject(error);
          },
        };
        const onAbort = () => {
          engine.followers.delete(follower);
          resolve();
        };
        signal.addEventListener('abort', onAbort, { once: true });
        engine.followers.add(follower);
        if (signal.aborted) onAbort();
        else onOpen();
      }),
    listContainers: async () =>
      [...engine.containers].map(([name, { id, imageId, status, spec }]) => ({
        id,
        name,
        imageId,
        status,
        labels: spec.labels,
      })),
    async containerUsage(name) {
      const found =
        engine.containers.get(name) ?? [...engine.containers.values()].find(({ id }) => id === name);
      return found === undefined ? null : { id: found.id, cpuMs: null, memoryBytes: null, interfaces: null };
    },
    volumeSizes: async () => [...engine.volumes.keys()].map((name) => ({ name, bytes: 4096 })),
    inventory: async () => ({
      containers: [...engine.containers].map(([name, { spec }]) => ({ name, labels: spec.labels })),
      volumes: [...engine.volumes].map(([name, labels]) => ({ name, labels })),
      networks: [...engine.networks].map(([name, { labels }]) => ({ name, labels })),
    }),
  };
  return new Proxy(docker, {
    get(target, property, receiver) {
      const method: unknown = Reflect.get(target, property, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        if (engine.outage !== null) throw engine.outage;
        return method.apply(target, args) as unknown;
      };
    },
  });
};

const namedIn = (things: ReadonlyMap<string, Labels>, name: string): NamedThing | null => {
  const labels = things.get(name);
  return labels === undefined ? null : { name, labels };
};
