import type { Step } from '@alfa-cloud/operations';
import { closedPage, type ClientPage } from '../../on-server/closed-page.ts';
import { serverStep } from '../../on-server/failures.ts';
import { isOwned } from '../../resources/directory/owned-directory.ts';
import { reloadProxy } from '../../resources/proxy/change-queue.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { reconcileVirtualHost, type PageDeps, type DesiredPage } from '../../resources/virtual-host/page.ts';

const deadlineMs = 120_000;

/** The client's virtual host in the proxy of the server, made with the client. */
export const newVhostStep = (deps: PageDeps): Step<ClientOnServer> =>
  serverStep({
    ...vhostStep(deps),
    async compensate({ cloud, names, directory }, { signal }) {
      if (!(await isOwned(cloud, directory, { signal }))) return 'There is no virtual host of this operation';
      await cloud.files.removeFile(names.vhostFile, { signal });
      await reloadProxy(cloud, { signal });
      return `${names.host} leads nowhere`;
    },
  });

/** Makes the virtual host show what is recorded. */
export const vhostStep = (deps: PageDeps): Step<ClientOnServer> =>
  serverStep({
    name: 'vhost',
    deadlineMs,
    act: async (client, { signal }) => inWords(client, await reconcileVirtualHost(deps, client, { signal })),
  });

/** Makes the virtual host show what the operation wants, and afterwards what is recorded if the operation fails. */
export const desiredVhostStep = (deps: PageDeps, desired: DesiredPage): Step<ClientOnServer> =>
  serverStep({
    name: 'vhost',
    deadlineMs,
    act: async (client, { signal }) =>
      inWords(client, await reconcileVirtualHost(deps, client, { desired, signal })),
    async compensate(client, { signal }) {
      const before = { maintenance: client.maintenance };
      return inWords(client, await reconcileVirtualHost(deps, client, { desired: before, signal }));
    },
  });

const inWords = ({ names, client }: ClientOnServer, page: ClientPage): string => {
  const closed = closedPage(page, client.locale);
  if (closed === null) return `${names.host} leads to the client`;
  return `${names.host} shows the ${closed.kind} page with status ${closed.status}`;
};
