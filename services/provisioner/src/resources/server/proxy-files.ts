import { message, wordsOf } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import { transient } from '../../on-server/failures.ts';
import type { Preparation } from '../../on-server/preparation.ts';
import { activeClients } from '../../read-models/in-use.ts';
import { reconcileProxy, writeProxy, type ReconcileProxyDeps } from './reconcile-proxy.ts';

/** All files of a server's proxy that are Alfa Cloud's: its own configuration and the virtual hosts of the clients. */
export interface ProxyFiles {
  /** Makes them what they should be and has nginx check and load them; a refusal puts all back. @returns number of files written */
  load(preparation: Preparation, signal: AbortSignal): Promise<number>;
  /** The same for a proxy that does not run or would not see the files: nothing is checked or loaded. @returns number of files written */
  write(preparation: Preparation, signal: AbortSignal): Promise<number>;
}

export const createProxyFiles = (deps: ReconcileProxyDeps & { queries: QuerySender }): ProxyFiles => {
  const clientsOf = async ({ server, wasReady }: Preparation, signal: AbortSignal): Promise<string[]> => {
    if (!wasReady) return [];
    try {
      const clients = activeClients(deps.queries, { serverId: server.id }, signal);
      return await Array.fromAsync(clients, ({ id }) => id);
    } catch (error) {
      if (signal.aborted) throw error;
      throw transient(
        'clients_unknown',
        message`The clients of the server can not be listed: ${wordsOf(error)}`,
      );
    }
  };
  return {
    load: async (preparation, signal) =>
      reconcileProxy(deps, preparation.server, await clientsOf(preparation, signal), { signal }),
    write: async (preparation, signal) =>
      writeProxy(deps, preparation.server, await clientsOf(preparation, signal), { signal }),
  };
};
