import {
  isCloudServerError,
  type CallOptions,
  type CloudServer,
  type ContainerSpec,
  type ContainerState,
} from '@alfa-cloud/cloud-server';
import { attachToNetworks } from '../network/client-network.ts';
import { nameOccupied, transient } from '../../on-server/failures.ts';
import { isMadeBy, label, mayTakeOver, type Origin } from '../../on-server/labels.ts';

/** True when the container stands as planned. Throws `name_occupied` when it is somebody else's. */
const standsAsPlanned = (
  name: string,
  spec: ContainerSpec,
  origin: Origin,
  found: ContainerState,
): boolean => {
  if (!mayTakeOver(origin, found.labels)) throw nameOccupied(`Container ${name}`);
  return found.labels[label.plan] === spec.labels[label.plan];
};

/**
 * Makes and starts a container, once: one that this operation made by the same plan is kept, one that it made by another plan is replaced,
 * and anybody else's is a final failure `name_occupied`. The name makes two at a time impossible.
 */
export const ensureContainer = async (
  server: CloudServer,
  name: string,
  spec: ContainerSpec,
  origin: Origin,
  options: CallOptions,
): Promise<void> => {
  const found = await server.docker.container(name, options);
  const keep = found !== null && standsAsPlanned(name, spec, origin, found);
  if (found !== null && !keep) await server.docker.removeContainer(name, options);
  if (!keep) await server.docker.createContainer(name, spec, options).catch(appearedMeanwhile);
  await attachToNetworks(server, name, spec.furtherNetworks ?? [], options);
  await server.docker.startContainer(name, options);
};

/** An attempt that was cut off may have got through after all: the next look tells whose container it is. */
const appearedMeanwhile = (error: unknown): never => {
  if (!isCloudServerError(error) || error.code !== 'name_in_use') throw error;
  throw transient('name_in_use', error.message);
};

/** Removes the container when this operation made it; absent or somebody else's is left as it is. Answers a sentence for the log. */
export const removeContainerOf = async (
  server: CloudServer,
  name: string,
  origin: Origin,
  options: CallOptions,
): Promise<string> => {
  const found = await server.docker.container(name, options);
  if (found === null) return `Container ${name} is not there`;
  if (!isMadeBy(origin, found.labels)) return `Container ${name} is not of this operation: left alone`;
  await server.docker.removeContainer(name, options);
  return `Container ${name} removed`;
};

/** Makes a volume, once; somebody else's of that name is a final failure `name_occupied`. */
export const ensureVolume = async (
  server: CloudServer,
  name: string,
  labels: Readonly<Record<string, string>>,
  origin: Origin,
  options: CallOptions,
): Promise<void> => {
  const found = await server.docker.volume(name, options);
  if (found === null) await server.docker.createVolume(name, labels, options);
  // Docker keeps an existing volume without a word, so only a look at the labels tells whose it is.
  const made = await server.docker.volume(name, options);
  if (made === null || !mayTakeOver(origin, made.labels)) throw nameOccupied(`Volume ${name}`);
};

/** Removes the volume when this operation made it; absent or somebody else's is left as it is. Answers a sentence for the log. */
export const removeVolumeOf = async (
  server: CloudServer,
  name: string,
  origin: Origin,
  options: CallOptions,
): Promise<string> => {
  const found = await server.docker.volume(name, options);
  if (found === null) return `Volume ${name} is not there`;
  if (!isMadeBy(origin, found.labels)) return `Volume ${name} is not of this operation: left alone`;
  await server.docker.removeVolume(name, options);
  return `Volume ${name} removed`;
};
