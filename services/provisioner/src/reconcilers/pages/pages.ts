import { createHash } from 'node:crypto';
import type { ClientView } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import type { Vault } from '@alfa-cloud/secrets';
import {
  type CloudServers,
  isRebooting,
  loadServer,
  type RegisteredServer,
  type ServerState,
} from '@alfa-cloud/servers';
import type { Logger } from '@alfa-cloud/service-kit';
import { loadClient } from '../../domain/load.ts';
import { loadClientOnServer } from '../../on-server/client-on-server.ts';
import { clientNames } from '../../on-server/names.ts';
import { pageOfVhost } from '../../on-server/virtual-host.ts';
import { activeClients } from '../../read-models/in-use.ts';
import { isOfClient } from '../../resources/directory/owned-directory.ts';
import { isClosed } from '../../resources/virtual-host/closing.ts';
import {
  expectedVhost,
  hasExpired,
  mayBeClosed,
  type PageDeps,
} from '../../resources/virtual-host/expected-vhost.ts';
import { reconcileVirtualHost } from '../../resources/virtual-host/virtual-host.ts';
import { wantedVhost } from '../../resources/virtual-host/wanted-vhost.ts';
import { recordOnClient } from '../record.ts';
import { createReconciler, type Reconciler } from '../reconciler.ts';

export interface PagesConfig {
  /** From the begin of a round to the begin of the next, ms: so late a client is blocked after its last day. */
  everyMs: number;
  /** Clients looked at the same time. */
  parallel: number;
}

export interface PageReconcilerDeps extends PageDeps {
  queries: QuerySender;
  vault: Vault;
  cloudServers: CloudServers;
  logger: Logger;
  config: PagesConfig;
}

/**
 * Keeps the virtual host of every client as its events say: blocks clients whose last day has ended, opens those that were extended while
 * their server was away, and replaces virtual hosts that are gone, that somebody has changed, or that a failed operation could not put back.
 */
export const createPageReconciler = (deps: PageReconcilerDeps): Reconciler<ClientView> => {
  const { store, queries, cloudServers } = deps;
  const servers = new Map<string, Promise<ServerState>>();
  const loadOnce = (id: string): Promise<ServerState> => {
    const loading = servers.get(id) ?? loadServer(store, id).then(({ state }) => state);
    servers.set(id, loading);
    return loading;
  };
  /** What was right by the events, by client: the virtual host together with the read model of that moment, as a digest. */
  const known = new Map<string, string>();
  const reconcileHome = async (client: ClientView, signal: AbortSignal): Promise<void> => {
    const server = await loadOnce(client.serverId);
    if (server.status === 'absent' || isRebooting(server)) return;
    const cloud = cloudServers.of(server.server);
    const names = clientNames(client.slug, server.server.domain);
    const found = {
      vhost: await cloud.files.read(names.vhostFile, { signal }),
      isClosed: await isClosed({ cloud, names }, { signal }),
    };
    const seen = digestOf(client, server.server, found);
    // Only clients that have changed since they were right are decided by their events.
    if (seen === known.get(client.id) && isOpenOrExpired(deps, client, found.vhost)) return;
    known.delete(client.id);
    if (await isRight(deps, client.id, server.server, found)) known.set(client.id, seen);
    else await putRight(deps, client.id, signal);
  };
  return createReconciler({
    name: 'pages',
    idName: 'clientId',
    ...deps.config,
    async *choose(signal) {
      servers.clear();
      const chosen = new Set<string>();
      for await (const client of activeClients(queries, {}, signal)) {
        chosen.add(client.id);
        yield client;
      }
      for (const id of known.keys()) if (!chosen.has(id)) known.delete(id);
    },
    async reconcile(client, signal) {
      await reconcileHome(client, signal);
      await keepForward(deps, client, signal);
    },
    logger: deps.logger,
  });
};

/** What stands on the server. */
interface Found {
  /** Text of the virtual host; null: there is none. */
  vhost: string | null;
  isClosed: boolean;
}

const putRight = async (deps: PageReconcilerDeps, clientId: string, signal: AbortSignal): Promise<void> => {
  const { was, page } = await reconcileVirtualHost(deps, await loadClientOnServer(deps, clientId), {
    signal,
  });
  if (was === 'missing' || was === 'changed') {
    await recordOnClient(deps.store, clientId, { type: 'record_virtual_host_mended', was });
    deps.logger.warn(
      { clientId, was },
      'virtual host was not as Alfa Cloud has written it and was put right',
    );
  } else if (was === 'outdated') {
    const shows = page.expired ? 'expired' : page.maintenance === null ? 'application' : 'maintenance';
    deps.logger.info({ clientId, shows }, 'virtual host brought up to date');
  }
};

/** The server that a client has left leads on as long as it keeps it. */
const keepForward = async (
  deps: PageReconcilerDeps,
  { id, slug, held }: ClientView,
  signal: AbortSignal,
): Promise<void> => {
  if (held === null) return;
  const { state } = await loadClient(deps.store, id);
  // An operation may be leading the client back, or removing what is there.
  if (state.status !== 'active' || state.held?.serverId !== held.serverId || state.operation !== null) return;
  const { state: former } = await loadServer(deps.store, held.serverId);
  if (former.status === 'absent' || isRebooting(former)) return;
  const cloud = deps.cloudServers.of(former.server);
  const { vhostFile, ownerFile } = clientNames(slug, former.server.domain);
  if (!(await isOfClient(cloud, ownerFile, id, { signal }))) return;
  const found = await cloud.files.read(vhostFile, { signal });
  if (found === (await wantedVhost(deps, id, former.server, found)).text) return;
  await reconcileVirtualHost(deps, await loadClientOnServer(deps, id, held.serverId), { signal });
};

const digestOf = (
  { updatedAt, runningOperationId }: ClientView,
  { limits }: RegisteredServer,
  found: Found,
): string =>
  createHash('sha256')
    .update(JSON.stringify([updatedAt, runningOperationId, limits, found]))
    .digest('base64');

/** Whether the page is the one of today: no event tells that a client's last day has ended. */
const isOpenOrExpired = (
  deps: PageReconcilerDeps,
  { expireDate }: ClientView,
  found: string | null,
): boolean => found !== null && pageOfVhost(found)?.expired === hasExpired(deps, expireDate);

/** By the events. A client that is not in use is left alone. */
const isRight = async (
  deps: PageReconcilerDeps,
  clientId: string,
  server: RegisteredServer,
  { vhost, isClosed: isClosedNow }: Found,
): Promise<boolean> => {
  const { state } = await loadClient(deps.store, clientId);
  // The read models may not know yet that it has moved.
  if (state.status !== 'active' || state.client.serverId !== server.id) return true;
  return vhost === expectedVhost(deps, state, server, vhost).text && (mayBeClosed(state) || !isClosedNow);
};
