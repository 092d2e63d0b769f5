import type { BulkRun, PlannedChildren, StepWork } from '@alfa-cloud/operations';
import { type CloudServers, loadServer, serverStep } from '@alfa-cloud/servers';
import { loadClient } from '../domain/load.ts';
import { reconcileProxy } from '../resources/server/reconcile-proxy.ts';
import type { PageDeps } from '../resources/virtual-host/expected-vhost.ts';

const proxyMs = 300_000;

/**
 * The virtual hosts of each server with one check and one reload, however many clients it has. A server on which nothing went well has got
 * nothing new, and may be away; one that fails keeps no other from its turn.
 */
export const proxiesStep = (
  deps: PageDeps & { cloudServers: CloudServers },
  { plan, standings }: Pick<BulkRun, 'plan' | 'standings'>,
): StepWork<null> =>
  serverStep({
    deadlineMs: proxyMs,
    async act(_context, { signal }) {
      const { children } = await plan();
      const now = await standings(await plan());
      const isOk = (index: number): boolean => {
        const standing = now[index];
        return standing?.status === 'ended' && standing.end.status === 'ok';
      };
      const worked = await clientsByServer(
        deps,
        children.filter((_, index) => isOk(index)),
      );
      const byServer = [...(await clientsByServer(deps, children))].filter(([id]) => worked.has(id));
      let written = 0;
      const failures: unknown[] = [];
      for (const [serverId, clientIds] of byServer) {
        const { state } = await loadServer(deps.store, serverId);
        if (state.status === 'absent' || state.status === 'removed') continue;
        try {
          written += await reconcileProxy(deps, state.server, clientIds, { signal });
        } catch (error) {
          signal.throwIfAborted();
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
      return `Servers: ${byServer.length}, files written: ${written}`;
    },
  });

const clientsByServer = async (
  { store }: Pick<PageDeps, 'store'>,
  children: PlannedChildren['children'],
): Promise<Map<string, string[]>> => {
  const byServer = new Map<string, string[]>();
  for (const { clientId } of children) {
    const { state } = await loadClient(store, clientId);
    if (state.status !== 'active') continue;
    const { serverId } = state.client;
    byServer.set(serverId, [...(byServer.get(serverId) ?? []), clientId]);
  }
  return byServer;
};
