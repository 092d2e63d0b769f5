import type { CallOptions, InspectedContainer } from '@alfa-cloud/cloud-server';
import { ensureClientNetwork, type ClientNetworkSettings } from '../../resources/network/client-network.ts';
import { serverNames, upstreamName } from '../../on-server/names.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';

/**
 * Sees to it that proxy and database find the client's container, which stands still meanwhile: makes its network if it is gone, and attaches it, under the
 * name that the proxy knows it by.
 * @returns the network that it was attached to; null when it was attached
 */
export const attachAgain = async (
  { cloud, client, names, containerOrigin }: ClientOnServer,
  { configuration: { networks } }: InspectedContainer,
  settings: ClientNetworkSettings,
  options: CallOptions,
): Promise<string | null> => {
  const alias = upstreamName(containerOrigin.operationId);
  const isKnownOn = (name: string) => networks[name]?.aliases.includes(alias) === true;
  // Made before clients had networks of their own: the next deployment brings it over.
  if (isKnownOn(serverNames.network)) return null;
  const current = [names.network, names.innerNetwork].find(isKnownOn);
  const outside = current === undefined ? settings.outside : current === names.network;
  const maker = { ...containerOrigin, clientId: client.id };
  const network = await ensureClientNetwork(cloud, names, maker, { ...settings, outside }, options);
  if (current !== undefined) return null;
  // An endpoint gets its names when it is made.
  await cloud.docker.disconnectNetwork(network, names.container, options);
  await cloud.docker.connectNetwork(network, names.container, { aliases: [alias] }, options);
  return network;
};
