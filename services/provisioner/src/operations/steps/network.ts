import type { Step } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientSettings } from '../../on-server/client-settings.ts';
import { clientNetwork } from '../../resources/network/client-network.ts';
import { resourceStep } from './resource-step.ts';

/** A network that the client's container shares with proxy and database alone. */
export const networkStep = ({ network }: Pick<ClientSettings, 'network'>): Step<ClientOnServer> =>
  resourceStep({ name: 'network', resource: (client) => clientNetwork(client, network) });
