import { effectiveRequestLimits } from '@alfa-cloud/contracts';
import { clientOwnerTag, loadServer, type RegisteredServer } from '@alfa-cloud/servers';
import type { ActiveClient, ClientState } from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';
import { forwardText, wayOfForward, type ForwardVhost } from '../../on-server/forward-vhost.ts';
import { clientNames, cloudAddress } from '../../on-server/names.ts';
import { expectedVhost, type DesiredVhost, type ExpectedVhost, type PageDeps } from './expected-vhost.ts';

type Known = Exclude<ClientState, { status: 'absent' }>;

/**
 * The virtual host that a client should have on a server by the newest events: where it lives the one that leads to it, where it has moved away from
 * one that leads on.
 * @param server where the virtual host stands
 * @param found as it stands there; null: there is none
 */
export const wantedVhost = async (
  deps: PageDeps,
  clientId: string,
  server: RegisteredServer,
  found: string | null,
  desired: DesiredVhost = {},
): Promise<ExpectedVhost> => {
  const { state } = await loadClient(deps.store, clientId);
  if (state.status === 'absent') throw new Error(`Client ${clientId} does not exist`);
  const on = await newest(deps, server);
  if (!leadsOn(state, server.id, desired)) return expectedVhost(deps, state, on, found, desired);
  const home = await newest(deps, { id: state.client.serverId });
  return {
    page: { maintenance: null, expired: false },
    text: forwardText(forwardOf(state, { from: on, to: home }, found, desired)),
  };
};

const newest = async <Server extends { id: string }>(
  { store }: Pick<PageDeps, 'store'>,
  server: Server,
): Promise<Server & RegisteredServer> => {
  const { state } = await loadServer(store, server.id);
  if (state.status === 'absent') throw new Error(`Server ${server.id} does not exist`);
  return { ...server, ...state.server };
};

/** Who desires a container wants to have the client here. */
const leadsOn = (state: Known, serverId: string, { upstream }: DesiredVhost): state is ActiveClient =>
  state.status === 'active' && state.held?.serverId === serverId && upstream === undefined;

/** The virtual host on the server that a client has left. Its way is the one desired, else that of the one found. */
export const forwardOf = (
  { client, aliases }: Pick<ActiveClient, 'client' | 'aliases'>,
  { from, to }: { from: RegisteredServer; to: RegisteredServer },
  found: string | null,
  { forward }: Pick<DesiredVhost, 'forward'> = {},
): ForwardVhost => {
  const newHost = clientNames(client.slug, to.domain).host;
  return {
    ownerTag: clientOwnerTag(client),
    slug: client.slug,
    hosts: [...new Set([clientNames(client.slug, from.domain).host, ...aliases])],
    newHost,
    newAddress: cloudAddress(newHost, to.proxy.httpPort),
    newProxy: to.connection.kind === 'ssh' ? { host: to.connection.host, port: to.proxy.httpPort } : null,
    limits: effectiveRequestLimits(client.limits, to.limits),
    way: forward ?? (found === null ? null : wayOfForward(found)) ?? 'pass',
  };
};
