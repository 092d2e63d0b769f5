import type { CallOptions } from '@alfa-cloud/cloud-server';
import type { CloudServers } from '../../on-server/cloud-servers.ts';
import { loadClient } from '../../domain/load.ts';
import { clientNames } from '../../on-server/names.ts';
import { isOfClient } from '../directory/owned-directory.ts';
import { changeProxyFiles, vhostFileOf, writeProxyFiles, type ProxyChange } from './change-queue.ts';
import { proxyRenewal } from './proxy-renewal.ts';
import type { RegisteredServer } from '../../domain/server.ts';
import { expectedVhost, type PageDeps } from '../virtual-host/page.ts';

export type ServerProxyDeps = PageDeps & { cloudServers: CloudServers };

/**
 * Makes the proxy's own configuration on a server and the virtual hosts of its clients true, all or none, with one check and one reload.
 * What says already what it should is left alone; clients that are not active, or whose directory is not theirs, are passed over.
 * A refusal by nginx puts every file back, and its words, which name the file, are in the failure (`proxy_refused`).
 * @returns number of files that were written
 */
export const makeServerProxyTrue = async (
  deps: ServerProxyDeps,
  server: RegisteredServer,
  clientIds: readonly string[],
  options: CallOptions,
): Promise<number> => {
  const { changes, written } = await wantedChanges(deps, server, clientIds, options);
  await changeProxyFiles(deps.cloudServers.of(server), changes, options);
  return written.size;
};

/** The same for a proxy that does not run or would not see the files: nothing is checked or loaded. */
export const writeServerProxy = async (
  deps: ServerProxyDeps,
  server: RegisteredServer,
  clientIds: readonly string[],
  options: CallOptions,
): Promise<number> => {
  const { changes, written } = await wantedChanges(deps, server, clientIds, options);
  await writeProxyFiles(deps.cloudServers.of(server), changes, options);
  return written.size;
};

const wantedChanges = async (
  deps: ServerProxyDeps,
  server: RegisteredServer,
  clientIds: readonly string[],
  options: CallOptions,
): Promise<{ changes: ProxyChange[]; written: ReadonlySet<string> }> => {
  const cloud = deps.cloudServers.of(server);
  const vhosts: ProxyChange[] = [];
  for (const id of clientIds) {
    const { state } = await loadClient(deps.store, id);
    if (state.status !== 'active') continue;
    const { ownerFile, vhostFile } = clientNames(state.client.slug, server.domain);
    if (!(await isOfClient(cloud, ownerFile, id, options))) continue;
    vhosts.push({
      file: vhostFileOf(state.client.slug, vhostFile),
      // By the newest events, since others may have changed it while this one has waited for its turn.
      textOf: async (found) => {
        const { state: newest } = await loadClient(deps.store, id);
        return newest.status === 'active' ? expectedVhost(deps, newest, server, found).text : null;
      },
    });
  }
  // A change may be asked for twice, when the group that it was in is refused.
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
  const changes = [proxyRenewal, ...vhosts].map(onlyIfDifferent);
  return { changes, written };
};
