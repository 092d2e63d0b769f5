import { message } from '@alfa-cloud/contracts';
import type { Agent } from 'node:http';
import Docker from 'dockerode';
import { call, getJson, named, orNull, unlessGone } from './call.ts';
import { containersOf } from './containers.ts';
import type { DockerEngine, EngineInfo } from './docker-engine.ts';
import { eventsOf } from './events.ts';
import { imageBuildsOf } from './image-builds.ts';
import { imageStreamsOf } from './image-streams.ts';
import { imagesOf } from './images.ts';
import { networksOf } from './networks.ts';
import { usageOf } from './usage.ts';

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
    ...imageStreamsOf(docker),
    ...imageBuildsOf(docker),
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
  dataRoot: String(info['DockerRootDir']),
  operatingSystem: String(info['OperatingSystem']),
  architecture: String(info['Architecture']),
  cpus: Number(info['NCPU']),
  memoryBytes: Number(info['MemTotal']),
  containers: { running: Number(info['ContainersRunning']), total: Number(info['Containers']) },
  systemTime: new Date(String(info['SystemTime'])),
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
