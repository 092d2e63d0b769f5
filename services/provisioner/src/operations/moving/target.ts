import type { CallOptions } from '@alfa-cloud/cloud-server';
import { messageTold } from '@alfa-cloud/contracts';
import type { Execution, StepWork } from '@alfa-cloud/operations';
import { isForClient, loadServer, serverStep } from '@alfa-cloud/servers';
import { final } from '../../on-server/failures.ts';
import type { ClientNetworkConfig } from '../../on-server/client-config.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { clientDatabase } from '../../resources/database/client-database.ts';
import { clientDirectory } from '../../resources/directory/client-directory.ts';
import { clientNetwork } from '../../resources/network/client-network.ts';
import { ensureProxyConfiguration } from '../../resources/proxy/proxy-configuration.ts';
import { container } from '../../resources/container/container.ts';
import { volume } from '../../resources/volume/volume.ts';
import type { OperationsDeps } from '../common/module.ts';
import type { Moving } from './moving.ts';
import { endAtSource } from '../steps/transfer-io.ts';
import type { Transfer } from '../../resources/transfer/client-transfer.ts';

const deadlineMs = 180_000;

/** Takes a place for the client on the new server; the one that it has on the former one is its own until nothing of it is there any more. */
export const reserveStep = (
  { store, places }: Pick<OperationsDeps, 'store' | 'places'>,
  { operationId, cause }: Pick<Execution<unknown>, 'operationId' | 'cause'>,
): StepWork<Moving> => ({
  deadlineMs: 90_000,
  async act({ from, to }) {
    const { id: clientId } = to.client;
    // Those who live there are counted before it leaves, or its place would be given away.
    await places.clientsOn(from.server.id, cause);
    const { state } = await loadServer(store, to.server.id);
    const server = state.status === 'absent' ? to.server : state.server;
    const refused = await places.reservePlace({ server, clientId, operationId }, cause);
    if (refused !== null) throw final(refused.code, messageTold(refused));
    return `The client has a place on server ${server.name}`;
  },
  async compensate({ to }) {
    await places.freePlace({ serverId: to.server.id, clientId: to.client.id }, cause);
    return `Its place on server ${to.server.name} is free again`;
  },
});

/**
 * Everything that the client needs on the new server but its container: empty, and the client's own. A failure removes all of it, and the
 * container where the server did not answer when that was to be removed.
 */
export const targetStep = ({
  config,
  transfer,
}: {
  config: { network: ClientNetworkConfig };
  transfer: Transfer;
}): StepWork<Moving> =>
  serverStep({
    deadlineMs,
    async act({ to }, { signal }) {
      // A server that an older version has prepared does not know yet how to pass on the health of a container.
      await ensureProxyConfiguration(to.cloud, { signal });
      await removeLeftContainer(to, { signal });
      for (const resource of thingsOf(to, config.network)) await resource.ensure({ signal });
      return `Directory, network, volume and database of ${to.names.host} are there`;
    },
    async compensate({ from, to }, { operationId, signal }) {
      // What a transfer has left at work would go on writing into what is removed.
      await transfer.end(to, to, { operationId, signal });
      const { cloud, names, containerOrigin } = to;
      const said = [await container(cloud, names.container, containerOrigin).remove({ signal })];
      for (const resource of thingsOf(to, config.network).toReversed())
        said.push(await resource.remove({ signal }));
      said.push(await endAtSource(transfer, from, { operationId, signal }));
      return said.join('; ');
    },
  });

/**
 * A move that failed while this server was away may have left its container here, running: it would write into the data that are copied now, and keep
 * its name from this move's own. The client does not live here, and a server that keeps it for its return is refused before.
 */
const removeLeftContainer = async (
  { cloud, names, client }: ClientOnServer,
  options: CallOptions,
): Promise<void> => {
  const found = await cloud.docker.container(names.container, options);
  if (found === null || !isForClient(client.id, found.labels)) return;
  await cloud.docker.removeContainer(names.container, options);
};

const thingsOf = (to: ClientOnServer, network: ClientNetworkConfig) => [
  clientDirectory(to),
  clientNetwork(to, network),
  volume(to.cloud, to.names.volume, to.origin),
  clientDatabase(to),
];
