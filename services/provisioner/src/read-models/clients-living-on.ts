import { message, reject } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';

const pageSize = 100;
/** Listings begun anew because clients came or went between two pages. */
const listingsMax = 10;

/**
 * Clients that live on a server or are being created there, none left out: read models that lag behind are no answer.
 * @param from position of an event that the answer must have taken in
 * @throws Rejection `unavailable`
 */
export const clientsLivingOn = async (
  queries: QuerySender,
  serverId: string,
  from: bigint,
): Promise<string[]> => {
  for (let listing = 0; listing < listingsMax; listing += 1) {
    const found = await listOnce(queries, serverId, from);
    if (found !== null) return found;
  }
  throw uncounted();
};

/** Null when the list has changed while it was read page by page: one that has moved to an earlier page would be missing. */
const listOnce = async (queries: QuerySender, serverId: string, from: bigint): Promise<string[] | null> => {
  const living = new Map<string, boolean>();
  for (let number = 1; ; number += 1) {
    const { result, stale } = await queries.ask(
      'ListClients',
      {
        page: { number, size: pageSize },
        sort: [{ field: 'slug', descending: false }],
        filter: { serverId },
        includeServers: false,
      },
      { minPosition: String(from) },
    );
    if (stale) throw uncounted();
    // Of a creation that has failed nothing is left there.
    for (const { id, status } of result.items) living.set(id, status !== 'failed');
    if (result.items.length === pageSize) continue;
    return living.size === result.total ? [...living].flatMap(([id, lives]) => (lives ? [id] : [])) : null;
  }
};

const uncounted = () =>
  reject('unavailable', message`The clients of the server can not be counted at the moment; try again`);
