import { effectiveRequestLimits, operationOf } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { clientOwnerTag, type RegisteredServer } from '@alfa-cloud/servers';
import type { Clock } from '@alfa-cloud/service-kit';
import type { ClientState, Maintenance } from '../../domain/client.ts';
import { dayIn } from '../../domain/days.ts';
import type { ClientPage } from '../../on-server/closed-page.ts';
import type { ForwardWay } from '../../on-server/forward-vhost.ts';
import { clientNames } from '../../on-server/names.ts';
import { pageOfVhost, upstreamOfVhost, vhostText } from '../../on-server/virtual-host.ts';

export interface PageDeps {
  store: EventStore;
  clock: Clock;
  /** Zone in which a day ends; IANA name. */
  timeZone: string;
}

/** What a running operation desires in place of what is recorded. */
export interface DesiredPage {
  maintenance: Maintenance | null;
}

/** The same for the whole virtual host. */
export interface DesiredVhost extends Partial<DesiredPage> {
  /** The operation whose container it shall lead to. */
  upstream?: string;
  /** On a server that the client has left: how its names lead on. Default: as the one found does. */
  forward?: ForwardWay;
}

/** The last day has ended. */
export const hasExpired = ({ clock, timeZone }: Pick<PageDeps, 'clock' | 'timeZone'>, expireDate: string) =>
  expireDate < dayIn(timeZone, clock());

/** A virtual host as it should be, and what it shows. */
export interface ExpectedVhost {
  page: ClientPage;
  text: string;
}

/**
 * The virtual host of a client as it should be by its events and by what the running operation desires. What that operation has changed on
 * the server before it is recorded is read from the virtual host found there.
 * @param found the virtual host as it stands; null: there is none
 */
export const expectedVhost = (
  deps: Pick<PageDeps, 'clock' | 'timeZone'>,
  state: Exclude<ClientState, { status: 'absent' }>,
  server: Pick<RegisteredServer, 'domain' | 'limits'>,
  found: string | null,
  desired: DesiredVhost = {},
): ExpectedVhost => {
  const { client } = state;
  const { maintenance, upstream } = { ...recordedOf(state), ...underWay(state, found), ...desired };
  const page = { maintenance, expired: hasExpired(deps, client.expireDate) };
  const { host } = clientNames(client.slug, server.domain);
  const text = vhostText({
    ownerTag: clientOwnerTag(client),
    slug: client.slug,
    host,
    aliases: state.status === 'active' ? state.aliases.filter((name) => name !== host) : [],
    upstream,
    locale: client.locale,
    limits: effectiveRequestLimits(client.limits, server.limits),
    page,
  });
  return { page, text };
};

const recordedOf = (
  state: Exclude<ClientState, { status: 'absent' }>,
): Required<Omit<DesiredVhost, 'forward'>> =>
  state.status === 'active'
    ? { maintenance: state.maintenance, upstream: state.containerOperationId }
    : { maintenance: null, upstream: state.client.operationId };

/** True while an operation runs that may have closed the client, and no page is desired in place of that. Otherwise it was left closed by one that is over. */
export const mayBeClosed = (state: ClientState, desired: DesiredVhost = {}): boolean =>
  desired.maintenance === undefined && hasOwnPage(state);

/** A running operation decides what the client shows. */
const hasOwnPage = (state: ClientState): boolean =>
  'operation' in state &&
  state.operation !== null &&
  operationOf(state.operation.kind).meanwhile.page === 'its own';

/** An operation may have changed the page, or led it to its own container, before that is recorded. */
const underWay = (state: ClientState, found: string | null): DesiredVhost => {
  if (state.status !== 'active' || state.operation === null || found === null) return {};
  const { kind, operationId } = state.operation;
  const { meanwhile } = operationOf(kind);
  const page = hasOwnPage(state) ? pageOfVhost(found) : null;
  const leadsToNext = meanwhile.container === 'replaced' && upstreamOfVhost(found) === operationId;
  return {
    ...(page === null ? {} : { maintenance: page.maintenance }),
    ...(leadsToNext ? { upstream: operationId } : {}),
  };
};
