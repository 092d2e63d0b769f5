import { message, messageInWords } from '@alfa-cloud/contracts';
import {
  isCloudServerError,
  type CallOptions,
  type CloudServer,
  type ContainerDifference,
  type ContainerSpec,
  type ContainerState,
  type InspectedContainer,
} from '@alfa-cloud/cloud-server';
import { mayTakeOver, type Origin } from '@alfa-cloud/servers';
import { nameOccupied } from '../../on-server/failures.ts';
import { serverNames } from '../../on-server/names.ts';
import { container } from '../container/container.ts';
import { lostMounts } from '../container/lost-mounts.ts';
import { attachToNetworks, clientNetworksOn } from '../network/attachments.ts';
import { serverContainerDifferences } from './server-container-differences.ts';

/** A container that Alfa Cloud keeps on every server, as it should be. */
export interface ExpectedContainer {
  name: string;
  spec: ContainerSpec;
  /** Directories of the server that are mounted into it, relative to the root. */
  paths: readonly string[];
}

/** A container of the server itself, compared with what it should be. */
export interface FoundServerContainer {
  state: InspectedContainer;
  isForeign: boolean;
  /** Networks that it is not attached to; it can be attached while it runs. */
  detached: ContainerDifference[];
  /** All other differences, which take a new container. */
  others: ContainerDifference[];
}

/** A container of the server itself: its database server or its proxy. */
export interface ServerContainer {
  readonly name: string;
  /** Null when there is none; without differences when it is somebody else's. */
  inspect(options: CallOptions): Promise<FoundServerContainer | null>;
  /** Directories that the running container has lost sight of; see {@link lostMounts}. */
  lostMounts(options: CallOptions): Promise<string[]>;
  /**
   * Makes it and starts it. One that stands as it should goes on running; one that differs is replaced, and clients are not served from the end
   * of the old one to the start of the new one. Anybody else's is a final failure `name_occupied`.
   * @returns what was done, for the log
   */
  ensure(options: CallOptions): Promise<string>;
  /** Starts it where it does not run, and makes it anew only where it can't be started or is gone. Leaves a running one alone. */
  start(options: CallOptions): Promise<void>;
  /** Attaches it to the network of the server and to those of all clients. */
  attach(options: CallOptions): Promise<void>;
  /** Removes it when this operation made it. @returns a sentence for the log */
  remove(options: CallOptions): Promise<string>;
}

export const serverContainer = (
  server: CloudServer,
  expected: ExpectedContainer,
  origin: Origin,
): ServerContainer => {
  const { docker } = server;
  const { name, spec, paths } = expected;
  const directories = spec.mounts.flatMap((mount) => {
    const path = paths.find((one) => mount.kind === 'bind' && mount.source === server.files.absolute(one));
    return path === undefined ? [] : [{ path, seenAs: mount.target }];
  });
  const own = container(server, name, origin);

  const inspect = async (options: CallOptions): Promise<FoundServerContainer | null> => {
    const state = await docker.inspectContainer(name, options);
    if (state === null) return null;
    if (!mayTakeOver(origin, state.labels)) return { state, isForeign: true, detached: [], others: [] };
    const differences = await serverContainerDifferences(server, spec, state, options);
    return {
      state,
      isForeign: false,
      detached: differences.filter(({ part }) => part === 'networks'),
      others: differences.filter(({ part }) => part !== 'networks'),
    };
  };
  const lost = (options: CallOptions) => lostMounts(server, name, directories, options);
  const make = async (options: CallOptions): Promise<void> =>
    own.ensure({ ...spec, furtherNetworks: await clientNetworksOn(server, options) }, options);

  return {
    name,
    inspect,
    lostMounts: lost,
    async ensure(options) {
      await removeUnfinished(server, name, origin, options);
      const found = await inspect(options);
      if (found === null) {
        await make(options);
        return `Container ${name} started from ${spec.image}`;
      }
      const { state, isForeign, detached, others } = found;
      if (isForeign) throw nameOccupied(message`Container ${name}`);
      if (others.length > 0 || (state.status === 'running' && (await lost(options)).length > 0)) {
        await replace(server, name, spec, options);
        const why =
          others.map(({ detail }) => messageInWords('en', detail)).join(', ') ||
          'its directories were made anew';
        return `Container ${name} replaced by a new one from ${spec.image}: ${why}`;
      }
      if (detached.length > 0) await attach(server, name, options);
      await docker.startContainer(name, options);
      return `Container ${name} stands as it should`;
    },
    async start(options) {
      const found = await docker.container(name, options);
      if (found !== null && !mayTakeOver(origin, found.labels))
        throw nameOccupied(message`Container ${name}`);
      if (found?.status === 'running') return;
      if (found !== null && (await isStarted(server, name, found.status, options))) return;
      await docker.removeContainer(name, options);
      await make(options);
    },
    attach: (options) => attach(server, name, options),
    remove: (options) => own.remove(options),
  };
};

/** With a dot, so that no client's container can have the name. */
const nextOf = (name: string): string => `${name}.next`;

/** Removes a replacement that a worker has left behind when it died. */
const removeUnfinished = async (
  { docker }: CloudServer,
  name: string,
  origin: Origin,
  options: CallOptions,
): Promise<void> => {
  const next = await docker.container(nextOf(name), options);
  if (next === null) return;
  if (!mayTakeOver(origin, next.labels)) throw nameOccupied(message`Container ${nextOf(name)}`);
  await docker.removeContainer(nextOf(name), options);
};

/** Makes the new container before it stops the old one: what Docker refuses is refused while clients are still served. */
const replace = async (
  server: CloudServer,
  name: string,
  spec: ContainerSpec,
  options: CallOptions,
): Promise<void> => {
  const { docker } = server;
  const next = nextOf(name);
  await docker.createContainer(next, spec, options);
  await attach(server, next, options);
  // Stopped before it is removed: a database that is killed has to repair its files.
  await docker.stopContainer(name, options);
  await docker.removeContainer(name, options);
  await docker.renameContainer(next, name, options);
  await docker.startContainer(name, options);
};

const attach = async (server: CloudServer, name: string, options: CallOptions): Promise<void> => {
  const networks = [serverNames.network, ...(await clientNetworksOn(server, options))];
  await attachToNetworks(server, name, networks, options);
};

/** States in which Docker takes a container for a running one, so that a start does nothing. */
const isStuck: ReadonlySet<ContainerState['status']> = new Set(['restarting', 'paused']);

/** Starts the container as it is. False when it can't be started so. */
const isStarted = async (
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
    // A new container would not get the port either.
    if (!isCloudServerError(error) || error.kind === 'transient' || error.code === 'port_in_use') throw error;
    return false;
  }
};
