import type { QuerySender } from '@alfa-cloud/messaging';
import { errorMessage } from '@alfa-cloud/service-kit';
import { activeClients } from '../../read-models/active-clients.ts';
import { makeServerProxyTrue, writeServerProxy, type ServerProxyDeps } from './server-proxy.ts';
import { transient } from '../../on-server/failures.ts';
import type { Preparation } from '../../on-server/preparation.ts';

/** All files of a server's proxy that are Alfa Cloud's: its own configuration and the virtual hosts of the clients. */
export interface ProxyFiles {
  /** Makes them true and has nginx check and load them; a refusal puts all back. @returns number of files written */
  load(preparation: Preparation, signal: AbortSignal): Promise<number>;
  /** Makes them true for a proxy that does not run or would not see them. @returns number of files written */
  write(preparation: Preparation, signal: AbortSignal): Promise<number>;
}

export const createProxyFiles = (deps: ServerProxyDeps & { queries: QuerySender }): ProxyFiles => {
  const clientsOf = async ({ server, wasReady }: Preparation, signal: AbortSignal): Promise<string[]> => {
    if (!wasReady) return [];
    const ids: string[] = [];
    try {
      for await (const page of activeClients(deps.queries, { serverId: server.id }, signal)) {
        ids.push(...page.map(({ id }) => id));
      }
    } catch (error) {
      if (signal.aborted) throw error;
      throw transient(
        'clients_unknown',
        `The clients of the server can not be listed: ${errorMessage(error)}`,
      );
    }
    return ids;
  };
  return {
    load: async (preparation, signal) =>
      makeServerProxyTrue(deps, preparation.server, await clientsOf(preparation, signal), { signal }),
    write: async (preparation, signal) =>
      writeServerProxy(deps, preparation.server, await clientsOf(preparation, signal), { signal }),
  };
};
