import type { ClientView, ListClients } from '@alfa-cloud/contracts';
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
