import type { PlannedChildren, StepWork } from '@alfa-cloud/operations';
import { loadClient, loadServer } from '../domain/load.ts';
import type { CloudServers } from '../on-server/cloud-servers.ts';
import { serverStep } from '../operations/steps/server-step.ts';
import { reconcileProxy } from '../resources/server/reconcile-proxy.ts';
import type { PageDeps } from '../resources/virtual-host/expected-vhost.ts';

const proxyMs = 300_000;

/** The virtual hosts of each server with one check and one reload, however many clients it has. */
export const proxiesStep = (
  deps: PageDeps & { cloudServers: CloudServers },
  plan: () => Promise<PlannedChildren>,
): StepWork<null> =>
  serverStep({
    deadlineMs: proxyMs,
    async act(_context, { signal }) {
      const byServer = await clientsByServer(deps, (await plan()).children);
      let written = 0;
      for (const [serverId, clientIds] of byServer) {
        const { state } = await loadServer(deps.store, serverId);
        if (state.status === 'absent' || state.status === 'removed') continue;
        written += await reconcileProxy(deps, state.server, clientIds, { signal });
      }
      return `Servers: ${byServer.size}, files written: ${written}`;
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
