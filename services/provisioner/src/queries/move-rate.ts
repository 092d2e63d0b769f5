import type { MoveRate } from '@alfa-cloud/contracts';
import type { QuerySender } from '@alfa-cloud/messaging';
import { errorName } from '@alfa-cloud/service-kit';
import type { Route } from '../operations/moving/moving.ts';

/** Before a move between two servers was measured, bytes a second. */
const assumedRate = 20 * 1024 ** 2;
/** Moves that are looked at, the newest first. */
const movesMax = 100;

/**
 * How fast data go from one server to another: as the last move between them has measured, else an assumption. That is no reason to answer nothing
 * when the read models are away.
 */
export const moveRates = async (
  queries: QuerySender,
  signal: AbortSignal,
): Promise<(route: Route) => MoveRate> => {
  const moves = await lastMoves(queries, signal);
  return ({ from, to }) => {
    for (const { id, result, finishedAt } of moves) {
      const rate = result?.['bytesPerSecond'];
      if (result?.['from'] !== from || result['to'] !== to || typeof rate !== 'number' || rate <= 0) continue;
      return { bytesPerSecond: rate, measured: { operationId: id, at: finishedAt } };
    }
    return { bytesPerSecond: assumedRate, measured: null };
  };
};

const lastMoves = async (queries: QuerySender, signal: AbortSignal) => {
  const request = {
    filter: { kind: 'client.move', status: 'ok' } as const,
    page: { number: 1, size: movesMax },
  };
  try {
    return (await queries.ask('ListOperations', request, { signal })).result.items;
  } catch (error) {
    if (errorName(error) !== 'MessagingUnavailable') throw error;
    return [];
  }
};
