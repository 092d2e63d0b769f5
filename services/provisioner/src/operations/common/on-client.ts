import type { Begun } from '@alfa-cloud/operations';
import type { ClientState } from '../../domain/client-state.ts';
import { loadClientOnServer, type ClientOnServer } from '../../on-server/client-on-server.ts';
import type { OperationsDeps } from './module.ts';

/** What all operations on one client where it lives have in common. @throws Error when the client is absent, although the operation has begun */
export const onClient = (
  deps: Pick<OperationsDeps, 'store' | 'vault' | 'cloudServers'>,
  state: ClientState,
): Pick<Begun<ClientOnServer>, 'target' | 'ids' | 'servers' | 'load'> => {
  if (state.status === 'absent') throw new Error('A client has begun an operation and is absent');
  const { id, serverId } = state.client;
  return {
    target: { type: 'client', id },
    ids: { clientId: id },
    servers: [serverId],
    async load() {
      const context = await loadClientOnServer(deps, id);
      return { context, redact: context.redact };
    },
  };
};
