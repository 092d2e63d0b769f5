import { message, wordsOf } from '@alfa-cloud/contracts';
import {
  isCloudServerError,
  type CallOptions,
  type CloudServer,
  type InspectedContainer,
} from '@alfa-cloud/cloud-server';
import { isForClient, isMadeBy, type Origin } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientNetworkConfig } from '../../on-server/client-config.ts';
import { nameOccupied, transient } from '../../on-server/failures.ts';
import { serverNames, upstreamName, type ClientNames } from '../../on-server/names.ts';
import type { Resource } from '../resource.ts';
import { createClientNetwork } from './create-client-network.ts';

/** The client's network: the only one of its container, shared with proxy and database alone. */
export const clientNetworkName = (names: ClientNames, { outside }: Pick<ClientNetworkConfig, 'outside'>) =>
  outside ? names.network : names.innerNetwork;

/** Containers that are attached to the network of every client. */
const attachedEverywhere = [serverNames.proxy, serverNames.database] as const;

/** The client's network as its creation makes it. */
export const clientNetwork = (
  { cloud, client, names, origin }: ClientOnServer,
  config: ClientNetworkConfig,
): Omit<Resource, 'inspect'> => ({
  async ensure(options) {
    const maker = { ...origin, clientId: client.id };
    return `Network ${await ensureClientNetwork(cloud, names, maker, config, options)} is there`;
  },
  async remove(options) {
    const name = clientNetworkName(names, config);
    const found = await cloud.docker.network(name, options);
    if (found === null) return `Network ${name} is not there`;
    if (!isMadeBy(origin, found.labels)) return `Network ${name} is not of this operation: left alone`;
    await removeClientNetwork(cloud, name, options);
    return `Network ${name} removed`;
  },
});

/**
 * Makes the client's network and attaches proxy and database to it, without an interruption for other clients. Safe to repeat.
 * Failures: `name_occupied` for somebody else's of that name, `subnets_exhausted` when no addresses are left.
 * @returns its name
 */
export const ensureClientNetwork = async (
  cloud: CloudServer,
  names: ClientNames,
  origin: Origin & { clientId: string },
  config: ClientNetworkConfig,
  options: CallOptions,
): Promise<string> => {
  const name = clientNetworkName(names, config);
  const found = await cloud.docker.network(name, options);
  if (found === null) await createClientNetwork(cloud, name, origin, config, options);
  else if (!isForClient(origin.clientId, found.labels)) throw nameOccupied(message`Network ${name}`);
  for (const container of attachedEverywhere) {
    await cloud.docker.connectNetwork(name, container, {}, options).catch(notThereNow);
  }
  return name;
};

/** Proxy or database is being made anew at this moment; whoever does that attaches it. */
const notThereNow = (error: unknown): never => {
  if (!isCloudServerError(error) || error.code !== 'not_found') throw error;
  throw transient('container_gone', wordsOf(error));
};

/** How often another worker may attach proxy or database again while a network is being removed. */
const removalsMax = 3;

/**
 * Removes a client's network. Proxy and database are detached first, even if they are stopped: Docker would not start them again with a network
 * that is gone. No-op when absent.
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
      if (attempt >= removalsMax) throw transient('network_in_use', wordsOf(error));
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

/**
 * Makes sure that the client's stopped container is attached to the client's network, under the name by which the proxy knows it. Makes the
 * network if it is gone.
 * @returns the network that it was attached to now; null when it was attached before
 */
export const attachClientContainer = async (
  { cloud, client, names, containerOrigin }: ClientOnServer,
  { configuration: { networks } }: InspectedContainer,
  config: ClientNetworkConfig,
  options: CallOptions,
): Promise<string | null> => {
  const alias = upstreamName(containerOrigin.operationId);
  const isKnownOn = (name: string) => networks[name]?.aliases.includes(alias) === true;
  // Made before clients had networks of their own: the next deployment moves it.
  if (isKnownOn(serverNames.network)) return null;
  const current = [names.network, names.innerNetwork].find(isKnownOn);
  const outside = current === undefined ? config.outside : current === names.network;
  const maker = { ...containerOrigin, clientId: client.id };
  const network = await ensureClientNetwork(cloud, names, maker, { ...config, outside }, options);
  if (current !== undefined) return null;
  // An endpoint takes its aliases only when it is made.
  await cloud.docker.disconnectNetwork(network, names.container, options);
  await cloud.docker.connectNetwork(network, names.container, { aliases: [alias] }, options);
  return network;
};
