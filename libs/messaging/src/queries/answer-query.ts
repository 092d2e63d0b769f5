import { message, told, isRejection, newId, reject, type Fault, type QueryName } from '@alfa-cloud/contracts';
import { errorName, type Logger, type Semaphore } from '@alfa-cloud/service-kit';
import { decode, encode } from '../connection/json.ts';
import { encodeAnswer } from './answer-format.ts';
import type { QueryContext, QueryOutcome } from './query-ports.ts';

export type AnyQueryHandler = (request: unknown, context: QueryContext) => Promise<QueryOutcome<unknown>>;

export interface QueryLimits {
  running: Semaphore;
  /** Queries waiting to begin. */
  maxQueued: number;
  maxQueuedMs: number;
}

/** Runs the handler of one query and encodes its answer, or the faults of the query. Never throws. */
export const answerQuery = async (query: {
  name: QueryName;
  handler: AnyQueryHandler;
  data: Uint8Array;
  limits: QueryLimits;
  position: () => bigint | null;
  logger: Logger;
}): Promise<Buffer> => {
  const { name, handler, data, limits, position, logger } = query;
  const { running, maxQueued, maxQueuedMs } = limits;
  try {
    if (running.waiting >= maxQueued) throw reject('unavailable', message`Too many queries wait; try again`);
    const { request, ...context } = parseQuery(data);
    const arrived = performance.now();
    const outcome = await running.run(async () => {
      // The sender has given up by now; an answer would only delay the others.
      if (performance.now() - arrived > maxQueuedMs)
        throw reject('unavailable', message`The query waited too long for its turn; try again`);
      return await handler(request, context);
    });
    const json = 'resultJson' in outcome ? outcome.resultJson : JSON.stringify(outcome.result);
    return encodeAnswer(json, outcome.stale === true, position(), outcome.text);
  } catch (error) {
    if (isRejection(error)) return encodeFaults(error.faults, position());
    const correlation = newId();
    logger.error({ err: error, query: name, correlation }, `The query failed: ${errorName(error)}`);
    return encodeFaults([
      {
        code: 'internal',
        ...told(message`The query failed; see the log entry ${correlation}`),
        meta: { correlation },
      },
    ]);
  }
};

export const encodeFaults = (faults: readonly Fault[], position: bigint | null = null): Buffer =>
  encode({ faults, ...(position === null ? {} : { position: String(position) }) });

const parseQuery = (data: Uint8Array): QueryContext & { request: unknown } => {
  let query: unknown;
  try {
    query = decode(data);
  } catch {
    throw reject('validation_failed', message`The question is not JSON`);
  }
  if (typeof query !== 'object' || query === null || !('request' in query))
    throw reject('validation_failed', message`The question has no request`);
  const position = 'minPosition' in query ? query.minPosition : null;
  const wait = 'positionWaitMs' in query ? query.positionWaitMs : null;
  const positionWaitMs = typeof wait === 'number' && wait >= 0 ? wait : null;
  const { request } = query;
  if (position === null || position === undefined) return { request, minPosition: null, positionWaitMs };
  if (typeof position !== 'string' || !/^\d{1,20}$/.test(position))
    throw reject('validation_failed', message`The position is not a decimal number`, {
      parameter: 'minPosition',
    });
  return { request, minPosition: BigInt(position), positionWaitMs };
};
