import type { OperationView } from '@alfa-cloud/contracts';
import type { Sent } from '../commands/send-command.ts';
import { positionHeader } from '../http/position.ts';
import type { ApiRequest } from '../http/route.ts';
import type { RouteServices } from '../services.ts';
import { waitForOperationEnd } from './operation-watch.ts';

/** Requests that may wait for an operation's end at the same time; more are answered at once. */
const waitingMax = 1000;
let waiting = 0;

/** The finished operation when the sender asked to wait for it and it ended in time; else null. */
export const finishedInTime = async (
  sent: Sent,
  request: ApiRequest<unknown>,
  services: Pick<RouteServices, 'queries' | 'feed'>,
): Promise<OperationView | null> => {
  if (request.waitMs === 0 || waiting >= waitingMax) return null;
  waiting += 1;
  try {
    return await waitForOperationEnd({
      queries: services.queries,
      feed: services.feed,
      operationId: sent.operationId,
      minPosition: sent.position ?? undefined,
      waitMs: request.waitMs,
      signal: request.signal,
    });
  } finally {
    waiting -= 1;
  }
};

/** Headers of every answer to a command: where its operation is found and the position of its acceptance; a newer one that was seen takes its place. */
export const commandHeaders = (sent: Sent): Record<string, string> => ({
  'Content-Location': `/operations/${sent.operationId}`,
  ...(sent.position === null ? {} : { [positionHeader]: sent.position }),
});

/** Says that the answer has waited, as RFC 7240 wants it. */
export const preferenceApplied = (request: ApiRequest<unknown>): Record<string, string> => ({
  'Preference-Applied': `wait=${request.waitMs / 1000}`,
});
