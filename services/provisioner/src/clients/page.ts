import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Clock } from '@alfa-cloud/service-kit';
import { loadClient } from '../load.ts';
import type { ClientPage } from '../on-server/closed-page.ts';
import { isOfClient } from '../on-server/owned-directory.ts';
import { changeProxy, vhostFileOf } from '../on-server/proxy.ts';
import { pageOfVhost, vhostText } from '../on-server/proxy-configuration.ts';
import { final } from '../on-server/failures.ts';
import type { ClientState, Maintenance } from './client.ts';
import type { ClientOnServer } from './client-on-server.ts';
import { dayIn } from './days.ts';

export interface PageDeps {
  store: EventStore;
  clock: Clock;
  /** Zone in which a day ends; IANA name. */
  timeZone: string;
}

/** What a running operation wants instead of what is recorded. */
export interface PageWish {
  maintenance: Maintenance | null;
}

/** The last day has ended. */
export const hasExpired = ({ clock, timeZone }: Pick<PageDeps, 'clock' | 'timeZone'>, expireDate: string) =>
  expireDate < dayIn(timeZone, clock());

/** The virtual host as it should be for a page. */
export const vhostOf = ({ mark, client, names }: ClientOnServer, page: ClientPage): string =>
  vhostText({
    mark,
    slug: client.slug,
    host: names.host,
    container: names.container,
    locale: client.locale,
    page,
  });

/**
 * Makes the client's virtual host show what it should by the newest events, whatever was known when the operation began: two operations
 * that overlap (a maintenance and a change of the last day) may each write, and the last one is right in both respects.
 * @param wish of the operation that is about maintenance
 */
export const makePageTrue = async (
  deps: PageDeps,
  client: ClientOnServer,
  { wish, signal }: { wish?: PageWish; signal: AbortSignal },
): Promise<ClientPage> => {
  const { cloud, names } = client;
  const { id, slug } = client.client;
  if (!(await isOfClient(cloud, names.ownerFile, id, { signal }))) {
    throw final('client_files_missing', `Directory ${names.directory} is not there or is not this client's`);
  }
  let page: ClientPage = { maintenance: null, expired: false };
  const textOf = async (found: string | null): Promise<string> => {
    const { state } = await loadClient(deps.store, id);
    page = pageFor(deps, state, wish ?? maintenanceUnderWay(state, found));
    return vhostOf(client, page);
  };
  await changeProxy(cloud, vhostFileOf(slug, names.vhostFile), textOf, { signal });
  return page;
};

/** What the client shows by its events. */
export const pageFor = (deps: PageDeps, state: ClientState, wish: PageWish | null): ClientPage => ({
  maintenance: wish === null ? (state.status === 'active' ? state.maintenance : null) : wish.maintenance,
  expired: state.status !== 'absent' && hasExpired(deps, state.client.expireDate),
});

/** An operation that turns maintenance on or off has its say on the server before it is recorded. */
const maintenanceUnderWay = (state: ClientState, found: string | null): PageWish | null => {
  if (!isMaintenanceRunning(state) || found === null) return null;
  return pageOfVhost(found);
};

export const isMaintenanceRunning = (state: ClientState): boolean =>
  state.status === 'active' &&
  (state.operation?.kind === 'client.enable_maintenance' ||
    state.operation?.kind === 'client.disable_maintenance');
