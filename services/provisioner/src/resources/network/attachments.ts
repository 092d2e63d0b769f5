import { isCloudServerError, type CallOptions, type CloudServer } from '@alfa-cloud/cloud-server';
import { label } from '@alfa-cloud/servers';

/** Names of the networks of all clients on the engine, to each of which proxy and database are attached. */
export const clientNetworksOn = async ({ docker }: CloudServer, options: CallOptions): Promise<string[]> =>
  (await docker.networks(options))
    .filter(({ labels }) => labels[label.managed] === 'true' && labels[label.client] !== undefined)
    .map(({ name }) => name)
    .sort();

/**
 * Attaches a container to the networks that it is not attached to yet, and passes over a network that was removed meanwhile. Needed for proxy and
 * database only when they are made anew: after a restart of theirs or of the engine, Docker attaches them itself. Error `not_found` without
 * such a container.
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
