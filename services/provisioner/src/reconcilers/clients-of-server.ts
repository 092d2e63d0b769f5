import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { ClientView } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import { type CloudServers, isRebooting, loadServer, type RegisteredServer } from '@alfa-cloud/servers';
import { activeClients } from '../read-models/in-use.ts';

export interface ClientsOfServer {
  server: RegisteredServer;
  cloud: CloudServer;
  /** At least one. */
  clients: ClientView[];
  /** What is away there now is away on purpose. */
  isRebooting: boolean;
}

/** A server by its events, with its clients in use by the read models; null when it has none. */
export const loadClientsOfServer = async (
  { queries, store, cloudServers }: { queries: QuerySender; store: EventStore; cloudServers: CloudServers },
  serverId: string,
  signal: AbortSignal,
): Promise<ClientsOfServer | null> => {
  const clients = await Array.fromAsync(activeClients(queries, { serverId }, signal));
  // The read models hold no keys, which the connection may need.
  const { state } = await loadServer(store, serverId);
  if (clients.length === 0 || state.status === 'absent') return null;
  return {
    server: state.server,
    cloud: cloudServers.of(state.server),
    clients,
    isRebooting: isRebooting(state),
  };
};
