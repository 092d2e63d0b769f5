import type { BulkRequest, CommandData } from '@alfa-cloud/contracts';
import type { Step } from '@alfa-cloud/operations';
import type { CloudServers } from '../on-server/cloud-servers.ts';
import type { ClientActions } from '../operations/client-actions.ts';
import type { PageDeps } from '../resources/virtual-host/expected-vhost.ts';
import { reconcileProxy } from '../resources/server/reconcile-proxy.ts';
import { loadClient, loadServer } from '../domain/load.ts';
import { serverStep } from '../on-server/failures.ts';
import type { Bulk } from './bulk-operation.ts';
import { runChild, type Child } from './children.ts';

const proxyMs = 300_000;

/** The request that each command for many clients stands for. */
export const bulkRequests = {
  SwitchAllImages: (data: CommandData<'SwitchAllImages'>) => ({ kind: 'clients.switch', data }) as const,
  MigrateAllClients: (data: CommandData<'MigrateAllClients'>) => ({ kind: 'clients.migrate', data }) as const,
  DeployClients: (data: CommandData<'DeployClients'>) => ({ kind: 'clients.deploy', data }) as const,
};

/** What each operation over many clients does with one of them. */
export const bulksOf =
  (pages: PageDeps & { cloudServers: CloudServers }, actions: ClientActions) =>
  (request: BulkRequest): Bulk => {
    switch (request.kind) {
      case 'clients.switch': {
        const { targetImage } = request.data;
        const action = actions.SwitchImage;
        return {
          runOn: (child, work) =>
            runChild(child, { action, data: { clientId: child.clientId, targetImage } }, work),
        };
      }
      case 'clients.migrate': {
        const action = actions.MigrateClient;
        return {
          runOn: (child, work) => runChild(child, { action, data: { clientId: child.clientId } }, work),
        };
      }
      case 'clients.deploy': {
        const { force = false } = request.data;
        const action = actions.deploy;
        return {
          runOn: (child, work) =>
            runChild(child, { action, data: { clientId: child.clientId, force } }, work),
          afterwards: (children) => [proxyStep(pages, children)],
        };
      }
      default:
        return request satisfies never;
    }
  };

/** The virtual hosts of each server with one check and one reload, however many clients it has. */
const proxyStep = (
  pages: PageDeps & { cloudServers: CloudServers },
  children: () => Promise<readonly Child[]>,
): Step<null> =>
  serverStep({
    name: 'proxy',
    deadlineMs: proxyMs,
    async act(_context, { signal }) {
      const byServer = await clientsByServer(pages, await children());
      let written = 0;
      for (const [serverId, clientIds] of byServer) {
        const { state } = await loadServer(pages.store, serverId);
        if (state.status === 'absent' || state.status === 'removed') continue;
        written += await reconcileProxy(pages, state.server, clientIds, { signal });
      }
      return `Servers: ${byServer.size}, files written: ${written}`;
    },
  });

const clientsByServer = async (
  { store }: Pick<PageDeps, 'store'>,
  children: readonly Child[],
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
