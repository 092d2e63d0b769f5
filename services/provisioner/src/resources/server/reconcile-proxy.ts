import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import type { CloudServers, RegisteredServer } from '@alfa-cloud/servers';
import { loadClient } from '../../domain/load.ts';
import { clientNames } from '../../on-server/names.ts';
import { isOfClient } from '../directory/owned-directory.ts';
import { changeProxyFiles, writeProxyFiles } from '../proxy/change-queue.ts';
import { configurationChange } from '../proxy/proxy-configuration.ts';
import { vhostFileOf, type ProxyChange } from '../proxy/proxy-file.ts';
import { expectedVhost, type PageDeps } from '../virtual-host/expected-vhost.ts';

export type ReconcileProxyDeps = PageDeps & { cloudServers: CloudServers };

/**
 * Makes the proxy's own configuration on a server and the virtual hosts of these clients what they should be, all or none, with one check and
 * one reload. Leaves alone what is right already, clients that are not active, and clients whose directory is not theirs.
 * When nginx refuses, every file is put back, and the failure `proxy_refused` quotes nginx, which names the file.
 * @returns number of files that were written
 */
export const reconcileProxy = (
  deps: ReconcileProxyDeps,
  server: RegisteredServer,
  clientIds: readonly string[],
  options: CallOptions,
): Promise<number> => change(deps, server, clientIds, options, changeProxyFiles);

/** The same for a proxy that does not run or would not see the files: nothing is checked or loaded. */
export const writeProxy = (
  deps: ReconcileProxyDeps,
  server: RegisteredServer,
  clientIds: readonly string[],
  options: CallOptions,
): Promise<number> => change(deps, server, clientIds, options, writeProxyFiles);

const change = async (
  deps: ReconcileProxyDeps,
  server: RegisteredServer,
  clientIds: readonly string[],
  options: CallOptions,
  apply: (cloud: CloudServer, changes: readonly ProxyChange[], options: CallOptions) => Promise<void>,
): Promise<number> => {
  const cloud = deps.cloudServers.of(server);
  const vhosts: ProxyChange[] = [];
  for (const id of clientIds) vhosts.push(...(await vhostChange(deps, cloud, server, id, options)));
  // A set: the queue asks for a text twice when the group that it was in is refused.
  const written = new Set<string>();
  const onlyIfDifferent = ({ file, textOf }: ProxyChange): ProxyChange => ({
    file,
    textOf: async (found) => {
      const text = await textOf(found);
      if (text === null || text === found) return null;
      written.add(file.path);
      return text;
    },
  });
  await apply(cloud, [configurationChange, ...vhosts].map(onlyIfDifferent), options);
  return written.size;
};

const vhostChange = async (
  deps: ReconcileProxyDeps,
  cloud: CloudServer,
  server: RegisteredServer,
  clientId: string,
  options: CallOptions,
): Promise<ProxyChange[]> => {
  const { state } = await loadClient(deps.store, clientId);
  if (state.status !== 'active' || state.client.serverId !== server.id) return [];
  const { ownerFile, vhostFile } = clientNames(state.client.slug, server.domain);
  if (!(await isOfClient(cloud, ownerFile, clientId, options))) return [];
  return [
    {
      file: vhostFileOf(state.client.slug, vhostFile),
      // By the newest events: they may have changed while this change waited in the queue.
      textOf: async (found) => {
        const { state: newest } = await loadClient(deps.store, clientId);
        const isHome = newest.status === 'active' && newest.client.serverId === server.id;
        return isHome ? expectedVhost(deps, newest, server, found).text : null;
      },
    },
  ];
};
