import { isCloudServerError, type CallOptions, type CloudServer } from '@alfa-cloud/cloud-server';
import { final, nameOccupied, transient } from '../../on-server/failures.ts';
import { isForClient, label, labelsOf, type Origin } from '../../on-server/labels.ts';
import { serverNames, type ClientNames } from '../../on-server/names.ts';
import { freeSubnets, parseRange } from '../../on-server/subnets.ts';

/** How the networks of clients are made. */
export interface ClientNetworkSettings {
  /** Range of addresses, in CIDR notation, out of which each gets 16. */
  subnets: string;
  /** Whether clients reach what is outside of their server. */
  outside: boolean;
}

/** The client's network: its container's only one, which it shares with proxy and database alone. */
export const clientNetworkName = (names: ClientNames, { outside }: Pick<ClientNetworkSettings, 'outside'>) =>
  outside ? names.network : names.innerNetwork;

/** Containers that stand in the network of every client. */
const attachedEverywhere = [serverNames.proxy, serverNames.database] as const;

/** Addresses that were free a moment ago and refused: others may cut theirs at the same time, not for ever. */
const attemptsMax = 64;

/**
 * Makes the client's network, once, and attaches proxy and database to it, which nobody else notices. Safe to repeat.
 * Failures: `name_occupied` for somebody else's of that name, `subnets_exhausted` when no addresses are left.
 * @returns its name
 */
export const ensureClientNetwork = async (
  cloud: CloudServer,
  names: ClientNames,
  origin: Origin & { clientId: string },
  settings: ClientNetworkSettings,
  options: CallOptions,
): Promise<string> => {
  const name = clientNetworkName(names, settings);
  const found = await cloud.docker.network(name, options);
  if (found === null) await makeNetwork(cloud, name, origin, settings, options);
  else if (!isForClient(origin.clientId, found.labels)) throw nameOccupied(`Network ${name}`);
  for (const container of attachedEverywhere) {
    await cloud.docker.connectNetwork(name, container, {}, options).catch(notThereNow);
  }
  return name;
};

/** Proxy or database may be being made anew; whoever does that attaches them itself. */
const notThereNow = (error: unknown): never => {
  if (!isCloudServerError(error) || error.code !== 'not_found') throw error;
  throw transient('container_gone', error.message);
};

const makeNetwork = async (
  { docker }: CloudServer,
  name: string,
  origin: Origin & { clientId: string },
  { subnets, outside }: ClientNetworkSettings,
  options: CallOptions,
): Promise<void> => {
  const range = parseRange(subnets);
  if (range === null) throw new Error(`${subnets} is no range of addresses`);
  const inUse = (await docker.networks(options)).flatMap((network) => network.subnets);
  let attempts = 0;
  for (const subnet of freeSubnets(range, origin.clientId, inUse)) {
    if (attempts >= attemptsMax) break;
    attempts += 1;
    try {
      await docker.createNetwork(name, { labels: labelsOf(origin), subnet, internal: !outside }, options);
      return;
    } catch (error) {
      if (!isCloudServerError(error)) throw error;
      // The engine knows of more addresses in use than it tells, or another worker has just taken these.
      if (error.code === 'subnet_in_use') continue;
      // An attempt that was cut off may have got through after all: the next look tells whose it is.
      if (error.code === 'name_in_use') throw transient('name_in_use', error.message);
      throw error;
    }
  }
  throw final(
    'subnets_exhausted',
    `No addresses are left for network ${name} in ${subnets} (ALFA_CLIENT_SUBNETS)`,
  );
};

/** Names of the networks of all clients on the engine, which proxy and database have to be attached to. */
export const clientNetworksOn = async ({ docker }: CloudServer, options: CallOptions): Promise<string[]> =>
  (await docker.networks(options))
    .filter(({ labels }) => labels[label.managed] === 'true' && labels[label.client] !== undefined)
    .map(({ name }) => name)
    .sort();

/**
 * Attaches a container to networks that it is not attached to yet; a network that is gone by then is passed over. For the proxy and the database
 * when they are made anew: after a restart, of theirs or of the engine, Docker does so itself. Error `not_found` without such a container.
 */
export const attachToNetworks = async (
  { docker }: CloudServer,
  container: string,
  networks: readonly string[],
  options: CallOptions,
): Promise<void> => {
  const found = networks.length === 0 ? null : await docker.inspectContainer(container, options);
  const attached = found?.configuration.networks ?? {};
  for (const network of networks) {
    if (Object.hasOwn(attached, network)) continue;
    try {
      await docker.connectNetwork(network, container, {}, options);
    } catch (error) {
      const isGone =
        isCloudServerError(error) &&
        error.code === 'not_found' &&
        (await docker.network(network, options)) === null;
      if (!isGone) throw error;
    }
  }
};

/** Times that somebody may attach proxy or database again while a network is being removed. */
const removalsMax = 3;

/**
 * Removes a client's network. Proxy and database are detached before, also while they are stopped: neither could be started any more with a
 * network that is gone. No-op when absent.
 */
export const removeClientNetwork = async (
  { docker }: CloudServer,
  name: string,
  options: CallOptions,
): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    for (const container of attachedEverywhere) await docker.disconnectNetwork(name, container, options);
    try {
      await docker.removeNetwork(name, options);
      return;
    } catch (error) {
      if (!isCloudServerError(error) || error.code !== 'docker_refused') throw error;
      if (attempt >= removalsMax) throw transient('network_in_use', error.message);
    }
  }
};

/** Names of the networks that were made for a client, whatever they are called. */
export const networksOfClient = async (
  { docker }: CloudServer,
  clientId: string,
  options: CallOptions,
): Promise<string[]> =>
  (await docker.networks(options))
    .filter(({ labels }) => isForClient(clientId, labels))
    .map(({ name }) => name);
