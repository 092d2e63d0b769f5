import type { StepWork } from '@alfa-cloud/operations';
import { serverStep } from '@alfa-cloud/servers';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { closedPage } from '../../on-server/closed-page.ts';
import type { DesiredPage, PageDeps } from '../../resources/virtual-host/expected-vhost.ts';
import { reconcileVirtualHost, removeVirtualHost } from '../../resources/virtual-host/virtual-host.ts';

const deadlineMs = 120_000;

/** Makes the virtual host show what is recorded. */
export const vhostStep = (deps: PageDeps): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs,
    act: (client, { signal }) => show(deps, client, undefined, signal),
  });

/** The same for a new client: the virtual host is removed if the operation fails. */
export const newVhostStep = (deps: PageDeps): StepWork<ClientOnServer> =>
  serverStep({
    ...vhostStep(deps),
    compensate: (client, { signal }) => removeVirtualHost(client, { signal }),
  });

/** Makes the virtual host show what the operation desires, and what is recorded if the operation fails. */
export const desiredVhostStep = (deps: PageDeps, desired: DesiredPage): StepWork<ClientOnServer> =>
  serverStep({
    deadlineMs,
    act: (client, { signal }) => show(deps, client, desired, signal),
    compensate: (client, { signal }) => show(deps, client, { maintenance: client.maintenance }, signal),
  });

const show = async (
  deps: PageDeps,
  client: ClientOnServer,
  desired: DesiredPage | undefined,
  signal: AbortSignal,
): Promise<string> => {
  const wanted = desired === undefined ? {} : { desired };
  const { page } = await reconcileVirtualHost(deps, client, { ...wanted, signal });
  const { host } = client.names;
  const closed = closedPage(page, client.client.locale);
  if (closed === null) return `${host} leads to the client`;
  return `${host} shows the ${closed.kind} page with status ${closed.status}`;
};
