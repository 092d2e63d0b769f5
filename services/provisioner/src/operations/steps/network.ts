import type { Step } from '@alfa-cloud/operations';
import {
  clientNetworkName,
  ensureClientNetwork,
  removeClientNetwork,
} from '../../resources/network/client-network.ts';
import { serverStep } from '../../on-server/failures.ts';
import { isMadeBy } from '../../on-server/labels.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';

/** A network that the client's container shares with proxy and database alone. */
export const networkStep = ({ network }: Pick<ClientSettings, 'network'>): Step<ClientOnServer> =>
  serverStep({
    name: 'network',
    deadlineMs: 120_000,
    async act({ cloud, client, names, origin }, { signal }) {
      const maker = { ...origin, clientId: client.id };
      const name = await ensureClientNetwork(cloud, names, maker, network, { signal });
      return `Network ${name} is there`;
    },
    async compensate({ cloud, names, origin }, { signal }) {
      const name = clientNetworkName(names, network);
      const found = await cloud.docker.network(name, { signal });
      if (found === null) return `Network ${name} is not there`;
      if (!isMadeBy(origin, found.labels)) return `Network ${name} is not of this operation: left alone`;
      await removeClientNetwork(cloud, name, { signal });
      return `Network ${name} removed`;
    },
  });
