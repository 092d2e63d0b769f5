import type { OperationEvent } from '@alfa-cloud/contracts';
import { errorName, retry, withDeadline } from '@alfa-cloud/service-kit';
import type { OperationEnd } from '../operation/operation.ts';
import type { OperationRun } from './operation-run.ts';

/** Longer than the patience of the event store, so that its own error is the one that is seen. */
const attemptMs = 120_000;
const attempts = 3;

/** Records the end on the aggregate and then on the operation. */
export const conclude = async <Context>(run: OperationRun<Context>, end: OperationEnd): Promise<void> => {
  await run.observe('concluding', null);
  const result = await retry(
    () =>
      withDeadline(
        attemptMs,
        'Recording the end',
        () => run.definition.conclude(run.context, end),
        run.signal,
      ),
    {
      attempts,
      deadlineMs: attempts * attemptMs,
      firstDelayMs: run.pacing.concludeRetryMs,
      signal: run.signal,
      isRetryable: (error) => errorName(error) !== 'EventStoreUnavailable',
      onRetry: (error) => run.logger.warn({ err: error }, 'end of the operation could not be recorded yet'),
    },
  );
  await run.observe('concluded', null);
  await run.log.append(lastEvent(run.operationId, end, result));
};

/** The event that ends an operation. */
export const lastEvent = (
  operationId: string,
  end: OperationEnd,
  result: Record<string, unknown>,
): OperationEvent => {
  switch (end.status) {
    case 'ok':
      return { type: 'OperationSucceeded', data: { operationId, result } };
    case 'error':
      return {
        type: 'OperationFailed',
        data: { operationId, cause: end.cause, leftovers: end.leftovers, ...resultIn(result) },
      };
    case 'cancelled':
      return {
        type: 'OperationCancelled',
        data: {
          operationId,
          leftovers: end.leftovers,
          ...resultIn(result),
        },
      };
    default:
      return end satisfies never;
  }
};

/** Empty: there is nothing to tell. */
const resultIn = (result: Record<string, unknown>): { result?: Record<string, unknown> } =>
  Object.keys(result).length === 0 ? {} : { result };
