import type { ClientView, ListClients, ServerView } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';

const pageSize = 100;

/** Clients in use, page by page, by the read models. */
export async function* activeClients(
  queries: QuerySender,
  filter: Pick<ListClients['filter'], 'serverId'>,
  signal: AbortSignal,
): AsyncGenerator<ClientView[]> {
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
    yield result.items;
    if (result.items.length < pageSize) return;
  }
}

/** True of a server on which clients may live: one that is ready, or was before a preparation of it failed. */
export const isInUse = ({ status, clientCount }: Pick<ServerView, 'status' | 'clientCount'>): boolean =>
  status === 'ready' || clientCount > 0;
