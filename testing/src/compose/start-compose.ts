import type Docker from 'dockerode';
import { buildImage } from '../../images/engine-images.ts';
import { contextFiles } from '../../images/build-context.ts';
import { eventually } from '../eventually.ts';
import { containerOptions, networkName, type Placement } from './container-options.ts';

const healthyWithinMs = 180_000;

/** Builds the image of a service that has a `build`, as `docker compose build` does. */
export const buildComposeImage = async (
  docker: Docker,
  { file, directory }: Placement,
  keepStage: { target: string; tag: string },
): Promise<void> => {
  const [service] = Object.values(file.services).filter(({ build }) => build !== undefined);
  if (service?.build === undefined) throw new Error('No service of the file builds an image');
  const what = {
    folder: directory,
    files: await contextFiles(directory),
    buildArguments: service.build.args,
  };
  // Under a name of its own, so that the engine has its layers still when the image is built again.
  await buildImage(docker, { ...what, ...keepStage });
  await buildImage(docker, { ...what, tag: service.image });
};

export const createComposeNetwork = async (docker: Docker, { file }: Placement): Promise<void> => {
  const [{ subnet, gateway }] = file.networks.default.ipam.config;
  await docker.createNetwork({
    Name: networkName(file),
    Driver: 'bridge',
    IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] },
  });
};

/**
 * Starts services in the order of their dependencies, each when those before it are healthy, as `docker compose up` does. Dependencies that
 * are not among them run outside.
 */
export const startComposeServices = async (
  docker: Docker,
  placement: Placement,
  names: readonly string[],
): Promise<void> => {
  const started = new Map<string, Promise<void>>();
  const start = (name: string): Promise<void> => {
    const service = placement.file.services[name];
    if (service === undefined) throw new Error(`The file has no service ${name}`);
    const known = started.get(name);
    if (known !== undefined) return known;
    const begun = (async () => {
      const before = Object.keys(service.depends_on ?? {}).filter((other) => names.includes(other));
      await Promise.all(before.map(start));
      const options = containerOptions(name, service, placement);
      const container = await docker.createContainer(options);
      await container.start();
      await eventually(
        `${name} is healthy`,
        async () => {
          const { State } = await container.inspect();
          const last = State.Health?.Log.at(-1)?.Output;
          return State.Health?.Status === 'healthy' || throwing(`${State.Status}, ${last}`);
        },
        { timeoutMs: healthyWithinMs, intervalMs: 250 },
      );
    })();
    started.set(name, begun);
    return begun;
  };
  await Promise.all(names.map(start));
};

const throwing = (message: string): never => {
  throw new Error(message);
};
