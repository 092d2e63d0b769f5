import { isRejection, reasonInWords } from '@alfa-cloud/contracts';
import type { Sent } from '../commands/send-command.ts';
import type { ApiRequest } from '../http/route.ts';
import { isPassing } from '../operations/operation-watch.ts';
import type { RouteServices } from '../services.ts';

/** Longest time that the read models get to tell why, ms. */
const lookMs = 1000;

/** Which server was chosen for a new client, and why, as `meta` of the answer; empty while that is not decided. */
export const placementOf = async (
  { queries }: Pick<RouteServices, 'queries'>,
  clientId: string,
  { ids, position }: Sent,
  { language }: Pick<ApiRequest, 'language'>,
): Promise<{ placement?: { serverId: string; reason: string | null } }> => {
  const serverId = ids?.['serverId'];
  if (serverId === undefined || position === null) return {};
  try {
    const options = { minPosition: position, timeoutMs: lookMs };
    const { placement } = (await queries.ask('GetClient', { id: clientId }, options)).result;
    return {
      placement: { serverId, reason: placement === undefined ? null : reasonInWords(language, placement) },
    };
  } catch (error) {
    if (isPassing(error) || isRejection(error)) return { placement: { serverId, reason: null } };
    throw error;
  }
};
