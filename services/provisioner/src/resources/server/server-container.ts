import {
  containerDifferences,
  isCloudServerError,
  type CallOptions,
  type CloudServer,
  type ContainerDifference,
  type ContainerSpec,
  type ContainerState,
  type InspectedContainer,
} from '@alfa-cloud/cloud-server';
import { attachToNetworks, clientNetworksOn } from '../network/client-network.ts';
import { ensureContainer } from '../container/container.ts';
import { nameOccupied } from '../../on-server/failures.ts';
import { label, mayTakeOver, type Origin } from '../../on-server/labels.ts';
import { lostMounts } from '../container/lost-mounts.ts';
import { serverNames } from '../../on-server/names.ts';
import type { WantedContainer } from './wanted.ts';

export interface ServerContainerDifferences {
  /** Networks that it is not attached to; it can be attached while it runs. */
  detached: ContainerDifference[];
  /** All else, which takes a new container. */
  others: ContainerDifference[];
}

/** Labels that say who made a container, and by which plan: another preparation is no other configuration. */
const byWhom: ReadonlySet<string> = new Set([label.operation, label.plan]);

/** In what a container of the server itself differs from the wanted one. It belongs to every client's network; others do no harm. */
export const differencesOf = async (
  server: CloudServer,
  { spec }: WantedContainer,
  found: InspectedContainer,
  options: CallOptions,
): Promise<ServerContainerDifferences> => {
  const { docker } = server;
  // An image whose name is gone from the server is no other image.
  const image = (await docker.image(spec.image, options)) ?? (await docker.image(found.imageId, options));
  if (image === null) return { detached: [], others: [] };
  const { labels, networks } = found.configuration;
  const known = new Set([...(await clientNetworksOn(server, options)), ...Object.keys(networks)]);
  const furtherNetworks = [...known].filter((network) => network !== spec.network);
  const foundByWhom = Object.entries(labels).filter(([name]) => byWhom.has(name));
  const wanted = {
    ...spec,
    furtherNetworks,
    labels: { ...withoutByWhom(spec.labels), ...Object.fromEntries(foundByWhom) },
  };
  const differences = containerDifferences(wanted, image, found);
  return {
    detached: differences.filter(({ part }) => part === 'networks'),
    others: differences.filter(({ part }) => part !== 'networks'),
  };
};

const withoutByWhom = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !byWhom.has(name)));

/**
 * Makes a container of the server itself stand and run as wanted. One that does so already is left running; one that differs is replaced, and
 * its clients wait from the end of the old one to the start of the new one. Anybody else's is a final failure `name_occupied`.
 * @returns what was done, for the log
 */
export const makeServerContainerTrue = async (
  server: CloudServer,
  wanted: WantedContainer,
  origin: Origin,
  options: CallOptions,
): Promise<string> => {
  const { name, spec } = wanted;
  await removeUnfinished(server, name, origin, options);
  const found = await server.docker.inspectContainer(name, options);
  if (found === null) {
    await make(server, name, spec, origin, options);
    return `Container ${name} started from ${spec.image}`;
  }
  if (!mayTakeOver(origin, found.labels)) throw nameOccupied(`Container ${name}`);
  const { detached, others } = await differencesOf(server, wanted, found, options);
  if (others.length > 0 || (await hasLostMounts(server, wanted, found, options))) {
    await replace(server, wanted, options);
    const why = others.map(({ detail }) => detail).join(', ') || 'its directories were made anew';
    return `Container ${name} replaced by a new one from ${spec.image}: ${why}`;
  }
  if (detached.length > 0) await attachServerContainer(server, name, options);
  await server.docker.startContainer(name, options);
  return `Container ${name} stands as it should`;
};

/** With a dot: no client's container can have the name. */
const nextOf = (name: string): string => `${name}.next`;

/** A replacement that a worker which died has left behind. */
const removeUnfinished = async (
  { docker }: CloudServer,
  name: string,
  origin: Origin,
  options: CallOptions,
): Promise<void> => {
  const next = await docker.container(nextOf(name), options);
  if (next === null) return;
  if (!mayTakeOver(origin, next.labels)) throw nameOccupied(`Container ${nextOf(name)}`);
  await docker.removeContainer(nextOf(name), options);
};

const hasLostMounts = async (
  server: CloudServer,
  { name, directories }: WantedContainer,
  { status }: InspectedContainer,
  options: CallOptions,
): Promise<boolean> =>
  status === 'running' && (await lostMounts(server, name, directories, options)).length > 0;

/** The new one is made before the old one ends: what Docker refuses is refused while clients are still served. */
const replace = async (
  server: CloudServer,
  { name, spec }: WantedContainer,
  options: CallOptions,
): Promise<void> => {
  const { docker } = server;
  const next = nextOf(name);
  await docker.createContainer(next, spec, options);
  await attachServerContainer(server, next, options);
  // Asked to end first: a database that is killed has to mend its files.
  await docker.stopContainer(name, options);
  await docker.removeContainer(name, options);
  await docker.renameContainer(next, name, options);
  await docker.startContainer(name, options);
};

/** Attaches it to what the server's own containers share with each client, as far as it is not. */
export const attachServerContainer = async (
  server: CloudServer,
  container: string,
  options: CallOptions,
): Promise<void> => {
  const networks = [serverNames.network, ...(await clientNetworksOn(server, options))];
  await attachToNetworks(server, container, networks, options);
};

/**
 * Brings a container up that does not run. Started as it is where that works; made anew where it is gone or can't be started, which takes nothing
 * from clients who are not served anyway.
 */
export const bringUp = async (
  server: CloudServer,
  { name, spec }: WantedContainer,
  origin: Origin,
  options: CallOptions,
): Promise<void> => {
  const { docker } = server;
  const found = await docker.container(name, options);
  if (found !== null && !mayTakeOver(origin, found.labels)) throw nameOccupied(`Container ${name}`);
  if (found?.status === 'running') return;
  if (found !== null && (await canBeStarted(server, name, found.status, options))) return;
  await docker.removeContainer(name, options);
  await make(server, name, spec, origin, options);
};

const make = async (
  server: CloudServer,
  name: string,
  spec: ContainerSpec,
  origin: Origin,
  options: CallOptions,
): Promise<void> => {
  const furtherNetworks = await clientNetworksOn(server, options);
  await ensureContainer(server, name, { ...spec, furtherNetworks }, origin, options);
};

/** States in which Docker takes a container for one that runs, so that a start alone would do nothing. */
const isStuck: ReadonlySet<ContainerState['status']> = new Set(['restarting', 'paused']);

const canBeStarted = async (
  { docker }: CloudServer,
  name: string,
  status: ContainerState['status'],
  options: CallOptions,
): Promise<boolean> => {
  if (isStuck.has(status)) await docker.stopContainer(name, options);
  try {
    await docker.startContainer(name, options);
    return true;
  } catch (error) {
    // A new one would not get the port either.
    if (!isCloudServerError(error) || error.kind === 'transient' || error.code === 'port_in_use') throw error;
    return false;
  }
};
