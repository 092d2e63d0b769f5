import { finalOperationStatuses, isRejection, type OperationView, subjects } from '@alfa-cloud/contracts';
import type { Feed, QuerySender } from '@alfa-cloud/messaging';
import { errorName, sleep } from '@alfa-cloud/service-kit';

/** Something has changed, or may have: the reason to ask again. */
export interface Nudges {
  /** Resolves at the next notification (at once when one came since the last call) or after `ms`; rejects when the signal is aborted. */
  next(ms: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}

/** Listens to the feed of one operation. */
export const watchOperation = (feed: Feed, operationId: string): Nudges =>
  watchSubject(feed, subjects.operationChanged(operationId));

/** Subscribes to one subject of the feed. A notification has no content, so a lost one only delays the next read. */
export const watchSubject = (feed: Feed, subject: string): Nudges => {
  let nudged = false;
  let wake: (() => void) | null = null;
  const stop = feed.subscribe(subject, () => {
    nudged = true;
    wake?.();
  });
  return {
    async next(ms, signal) {
      signal.throwIfAborted();
      if (!nudged) {
        const over = new AbortController();
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        try {
          await Promise.race([promise, sleep(ms, AbortSignal.any([signal, over.signal]))]);
        } finally {
          wake = null;
          over.abort();
        }
      }
      nudged = false;
    },
    stop,
  };
};

/** Pause between two reads when no notification comes, in milliseconds. */
const lookAgainMs = 2000;

/**
 * Waits until an operation has ended.
 * @returns its view, or null when the time is over or the signal is aborted first
 */
export const waitForOperationEnd = async (options: {
  queries: Pick<QuerySender, 'ask'>;
  feed: Feed;
  operationId: string;
  minPosition: string | undefined;
  waitMs: number;
  signal: AbortSignal;
}): Promise<OperationView | null> => {
  const { queries, feed, operationId, minPosition } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.waitMs)]);
  const nudges = watchOperation(feed, operationId);
  try {
    for (;;) {
      const operation = await lookUp(queries, operationId, minPosition, signal);
      if (operation !== null && finalOperationStatuses.includes(operation.status)) return operation;
      await nudges.next(lookAgainMs, signal);
    }
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    nudges.stop();
  }
};

/** Null while the operation can't be seen: its command may still wait in the queue, or a part of the system be away for a moment. */
const lookUp = async (
  queries: Pick<QuerySender, 'ask'>,
  id: string,
  minPosition: string | undefined,
  signal: AbortSignal,
): Promise<OperationView | null> => {
  try {
    const answer = await queries.ask(
      'GetOperation',
      { id },
      { signal, ...(minPosition === undefined ? {} : { minPosition }) },
    );
    return answer.result;
  } catch (error) {
    if (isPassing(error) || (isRejection(error) && error.faults.every(({ code }) => code === 'not_found'))) {
      return null;
    }
    throw error;
  }
};

/** A query that failed and may succeed later: no replica answered, or the read models are not built yet. */
export const isPassing = (error: unknown): boolean =>
  errorName(error) === 'MessagingUnavailable' ||
  (isRejection(error) && error.faults.every(({ code }) => code === 'unavailable'));
