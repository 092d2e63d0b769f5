import { message, reject } from '@alfa-cloud/contracts';
import { listWhole, type QuerySender } from '@alfa-cloud/messaging';

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
  const listed = await listWhole(async (page) => {
    const { result, stale } = await queries.ask(
      'ListClients',
      { page, sort: [{ field: 'slug', descending: false }], filter: { serverId }, includeServers: false },
      { minPosition: String(from) },
    );
    if (stale) throw uncounted();
    return result;
  });
  if (listed === null) throw uncounted();
  // Of a creation that has failed nothing is left there.
  return listed.flatMap(({ id, status }) => (status === 'failed' ? [] : [id]));
};

const uncounted = () =>
  reject('unavailable', message`The clients of the server can not be counted at the moment; try again`);
