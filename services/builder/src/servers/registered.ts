import type { CloudServer } from '@alfa-cloud/cloud-server';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { QuerySender } from '@alfa-cloud/messaging';
import { loadServer, type CloudServers, type RegisteredServer, type ServerState } from '@alfa-cloud/servers';

export interface ServersDeps {
  store: EventStore;
  queries: QuerySender;
  cloudServers: CloudServers;
}

/** A registered server that can be worked on. */
export interface OpenServer {
  server: RegisteredServer;
  cloud: CloudServer;
}

type Known = Exclude<ServerState, { status: 'absent' }>;

/** @throws Error for one that was never registered */
export const openServer = async (deps: Omit<ServersDeps, 'queries'>, id: string): Promise<OpenServer> => {
  const { state } = await loadServer(deps.store, id);
  if (state.status === 'absent') throw new Error(`Server ${id} does not exist`);
  return { server: state.server, cloud: deps.cloudServers.of(state.server) };
};

/** Every server that the read models know, with its state by its own events, by name. */
export const knownServers = async (
  { store, queries }: { store: EventStore; queries: Pick<QuerySender, 'ask'> },
  signal: AbortSignal,
): Promise<Known[]> => {
  const { result } = await queries.ask('ListServers', { active: 'all' }, { signal });
  const states = await Promise.all(result.items.map(({ id }) => loadServer(store, id)));
  return states
    .flatMap(({ state }) => (state.status === 'absent' || state.status === 'removed' ? [] : [state]))
    .toSorted((a, b) => (a.server.name < b.server.name ? -1 : 1));
};
