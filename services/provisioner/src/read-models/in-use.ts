import type { ClientView, ListClients, ServerView } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';

const pageSize = 100;

/** Clients in use by the read models, asked for page by page. */
export async function* activeClients(
  queries: QuerySender,
  filter: Pick<ListClients['filter'], 'serverId'>,
  signal: AbortSignal,
): AsyncGenerator<ClientView> {
  for (let number = 1; ; number += 1) {
    const { result } = await queries.ask(
      'ListClients',
      {
        page: { number, size: pageSize },
        sort: [{ field: 'slug', descending: false }],
        filter: { ...filter, status: 'active' },
        includeServers: false,
      },
      { signal },
    );
    yield* result.items;
    if (result.items.length < pageSize) return;
  }
}

/** Servers by the read models, those that were deactivated among them. */
export const allServers = async (queries: QuerySender, signal: AbortSignal): Promise<ServerView[]> =>
  (await queries.ask('ListServers', { active: 'all' }, { signal })).result.items;

/** Servers on which clients may live: those that are ready, or were before a preparation of them failed. */
export const serversInUse = async (queries: QuerySender, signal: AbortSignal): Promise<ServerView[]> =>
  (await allServers(queries, signal)).filter(
    ({ status, clientCount, heldCount }) => status === 'ready' || clientCount > 0 || heldCount > 0,
  );
