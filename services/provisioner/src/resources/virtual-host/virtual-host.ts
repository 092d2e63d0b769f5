import { message } from '@alfa-cloud/contracts';
import type { CallOptions } from '@alfa-cloud/cloud-server';
import { loadClient } from '../../domain/load.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import type { ClientPage } from '../../on-server/closed-page.ts';
import { final } from '../../on-server/failures.ts';
import { isUntouchedForward } from '../../on-server/forward-vhost.ts';
import {
  isUntouchedVhost,
  pageOfVhost,
  upstreamOfVhost,
  vhostDigest,
  vhostHeader,
  vhostProbe,
} from '../../on-server/virtual-host.ts';
import { isOfClient, ownedDirectory } from '../directory/owned-directory.ts';
import { changeProxyFiles, reloadProxy } from '../proxy/change-queue.ts';
import { configurationChange } from '../proxy/proxy-configuration.ts';
import { vhostFileOf } from '../proxy/proxy-file.ts';
import { openClient } from './closing.ts';
import { mayBeClosed, type DesiredVhost, type ExpectedVhost, type PageDeps } from './expected-vhost.ts';
import { wantedVhost } from './wanted-vhost.ts';

/** What a virtual host's text says; each value is null when the text was not made by Alfa Cloud. */
export interface FoundVirtualHost {
  page: ClientPage | null;
  /** The operation whose container it leads to. */
  upstream: string | null;
  /** The version of it that the proxy tells once it has loaded it. */
  digest: string | null;
}

/** The client's virtual host as it stands; null when there is none. */
export const inspectVirtualHost = async (
  { cloud, names }: Pick<ClientOnServer, 'cloud' | 'names'>,
  options: CallOptions,
): Promise<FoundVirtualHost | null> => {
  const text = await cloud.files.read(names.vhostFile, options);
  if (text === null) return null;
  return { page: pageOfVhost(text), upstream: upstreamOfVhost(text), digest: vhostDigest(text) };
};

/** A virtual host that is right now. */
export interface ReconciledVirtualHost {
  /** What it shows. */
  page: ClientPage;
  /**
   * What was found: `outdated` is one of Alfa Cloud for an earlier record, day or version, `changed` one in which somebody else has written.
   */
  was: 'right' | 'missing' | 'changed' | 'outdated';
}

/**
 * Makes the client's virtual host what it should be by the newest events, whatever was known when the operation began: two operations
 * that overlap (a maintenance and a change of the last day) may each write, and the last one is right in both respects. The proxy reloads unless
 * it answers by that virtual host already. On the server that the client has left it is one that leads on. At last the client is opened that an operation has closed, unless that one still runs.
 * @param desired by the operation that is about maintenance or the container; one that desires a page wants no other before it
 */
export const reconcileVirtualHost = async (
  deps: PageDeps,
  client: ClientOnServer,
  { desired, signal }: { desired?: DesiredVhost; signal: AbortSignal },
): Promise<ReconciledVirtualHost> => {
  const { cloud, names, server } = client;
  const { id, slug } = client.client;
  if (!(await isOfClient(cloud, names.ownerFile, id, { signal }))) {
    throw final(
      'client_files_missing',
      message`Directory ${names.directory} is not there or is not this client's`,
    );
  }
  const expectedOf = (found: string | null): Promise<ExpectedVhost> =>
    wantedVhost(deps, id, server, found, desired);
  const found = await cloud.files.read(names.vhostFile, { signal });
  const expected = await expectedOf(found);
  let reconciled: ReconciledVirtualHost = { page: expected.page, was: 'right' };
  if (found !== expected.text || !(await isLoaded(client, found, signal))) {
    const textOf = async (text: string | null): Promise<string> => {
      const newest = await expectedOf(text);
      reconciled = { page: newest.page, was: stateOf(text, newest.text) };
      return newest.text;
    };
    const vhost = { file: vhostFileOf(slug, names.vhostFile), textOf };
    await changeProxyFiles(cloud, [configurationChange, vhost], { signal });
  }
  const mayOpen = async () => !mayBeClosed((await loadClient(deps.store, id)).state, desired);
  await openClient(client, mayOpen, { signal });
  return reconciled;
};

const stateOf = (found: string | null, expected: string): ReconciledVirtualHost['was'] => {
  if (found === null) return 'missing';
  if (found === expected) return 'right';
  return isUntouchedVhost(found) || isUntouchedForward(found) ? 'outdated' : 'changed';
};

/** True when the proxy answers by this text. An old worker may answer for a moment longer by an older one; see `awaitReachable`. */
const isLoaded = async (
  { cloud, server, names }: ClientOnServer,
  text: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const request = { port: server.proxy.httpPort, host: names.host, path: vhostProbe };
  const { headers } = await cloud.get(request, { signal });
  return headers[vhostHeader] === vhostDigest(text);
};

/** Removes the virtual host when the directory that it lies in is the owner's. @returns a sentence for the log */
export const removeVirtualHost = async (
  { cloud, names, directory }: Pick<ClientOnServer, 'cloud' | 'names' | 'directory'>,
  options: CallOptions,
): Promise<string> => {
  if (!(await ownedDirectory(cloud, directory).inspect(options))) {
    return 'There is no virtual host of this operation';
  }
  await cloud.files.removeFile(names.vhostFile, options);
  await reloadProxy(cloud, options);
  return `${names.host} leads nowhere`;
};
