import { message } from '@alfa-cloud/contracts';
import type { Agent } from 'node:http';
import Docker from 'dockerode';
import { CloudServerError } from '../cloud-server-error.ts';
import { call, getJson, named, orNull, unlessGone, unlessStatus } from './call.ts';
import { imageDefaultsOf } from './container-configuration.ts';
import { containersOf } from './containers.ts';
import type { DockerEngine, EngineInfo } from './docker-engine.ts';
import { eventsOf } from './events.ts';
import { networksOf } from './networks.ts';
import { usageOf } from './usage.ts';

const pullMs = 600_000;

/** Engine behind an `http.Agent` whose connections lead to its API, over a local socket or through ssh. */
export const createDockerodeEngine = (agent: Agent): DockerEngine => {
  // The agent decides where connections go; host and port only have to be there.
  const options = { protocol: 'http' as const, host: 'localhost', port: 80, agent };
  const docker = new Docker(options);
  return {
    ping: (options) =>
      call(message`answer`, options, async (signal) => void (await getJson(docker, '/_ping', signal))),
    info: (options) =>
      call(message`tell about itself`, options, async (signal) =>
        infoOf((await getJson(docker, '/info', signal)) as Record<string, unknown>),
      ),
    ...imagesOf(docker),
    ...networksOf(docker),
    ...volumesOf(docker),
    ...containersOf(docker),
    ...eventsOf(docker),
    ...usageOf(docker),
    inventory: (options) =>
      call(message`list what is there`, options, async (abortSignal) => {
        const [containers, volumes, networks] = await Promise.all([
          docker.listContainers({ all: true, abortSignal }),
          docker.listVolumes({ abortSignal }),
          docker.listNetworks({ abortSignal }),
        ]);
        return {
          containers: containers.map(({ Names, Labels }) => named((Names[0] ?? '').slice(1), Labels)),
          volumes: (volumes.Volumes ?? []).map(({ Name, Labels }) => named(Name, Labels)),
          networks: networks.map(({ Name, Labels }) => named(Name, Labels)),
        };
      }),
  };
};

const infoOf = (info: Readonly<Record<string, unknown>>): EngineInfo => ({
  version: String(info['ServerVersion']),
  engineId: String(info['ID']),
  operatingSystem: String(info['OperatingSystem']),
  architecture: String(info['Architecture']),
  cpus: Number(info['NCPU']),
  memoryBytes: Number(info['MemTotal']),
  containers: { running: Number(info['ContainersRunning']), total: Number(info['Containers']) },
  systemTime: new Date(String(info['SystemTime'])),
});

const imagesOf = (
  docker: Docker,
): Pick<DockerEngine, 'image' | 'images' | 'tagImage' | 'untagImage' | 'pullImage'> => ({
  image: (reference, options) =>
    call(message`inspect image ${reference}`, options, (signal) =>
      orNull(async () => {
        const path = `/images/${reference}/json`;
        const image = (await getJson(docker, path, signal)) as Docker.ImageInspectInfo;
        return {
          id: image.Id,
          labels: image.Config?.Labels ?? {},
          user: image.Config?.User ?? '',
          defaults: imageDefaultsOf(image),
        };
      }),
    ),
  images: (options) =>
    call(message`list images`, options, async (abortSignal) =>
      (await docker.listImages({ abortSignal })).map((image) => ({
        id: image.Id,
        references: (image.RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'),
        labels: image.Labels ?? {},
        sizeBytes: image.Size,
        createdAt: new Date(image.Created * 1000),
      })),
    ),
  tagImage: (id, { repository, tag }, options) =>
    call(message`name image ${id} ${repository}:${tag}`, options, async (abortSignal) => {
      await docker.getImage(id).tag({ repo: repository, tag, abortSignal });
    }),
  untagImage: (reference, { evenIfUsed = false, ...options } = {}) =>
    call(message`remove image name ${reference}`, options, (abortSignal) =>
      // 409: a container is made from it.
      unlessStatus(409, () =>
        unlessGone(() => docker.getImage(reference).remove({ force: evenIfUsed, abortSignal })),
      ),
    ),
  pullImage: (reference, options) =>
    call(message`fetch image ${reference}`, { deadlineMs: pullMs, ...options }, async (abortSignal) => {
      // Without a tag Docker would fetch every one.
      const tagged = /[:@][^/]+$/.test(reference) ? reference : `${reference}:latest`;
      const progress = await docker.pull(tagged, { abortSignal });
      await followed(docker, reference, progress);
    }),
});

/** The engine answers 200 at once and tells of failures in what follows. */
const followed = (docker: Docker, reference: string, progress: NodeJS.ReadableStream): Promise<void> =>
  new Promise((resolve, reject) => {
    let refusal: string | undefined;
    docker.modem.followProgress(
      progress,
      (error) => {
        if (error !== null && error !== undefined) reject(error);
        else if (refusal === undefined) resolve();
        else
          reject(
            new CloudServerError(
              'final',
              'not_found',
              message`Docker could not fetch ${reference}: ${refusal}`,
            ),
          );
      },
      ({ error }: { error?: string }) => {
        if (error !== undefined) refusal = error;
      },
    );
  });

const volumesOf = (docker: Docker): Pick<DockerEngine, 'volume' | 'createVolume' | 'removeVolume'> => ({
  volume: (name, options) =>
    call(message`inspect volume ${name}`, options, (abortSignal) =>
      orNull(async () => named(name, (await docker.getVolume(name).inspect({ abortSignal })).Labels)),
    ),
  createVolume: (name, labels, options) =>
    call(message`create volume ${name}`, options, async (abortSignal) => {
      await docker.createVolume({ Name: name, Labels: { ...labels }, abortSignal });
    }),
  removeVolume: (name, options) =>
    call(message`remove volume ${name}`, options, (abortSignal) =>
      unlessGone(() => docker.getVolume(name).remove({ abortSignal })),
    ),
});
