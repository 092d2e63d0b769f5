import { errorCode, errorMessage, errorName } from '@alfa-cloud/service-kit';

/** Error types of the client library that are not caused by the request itself. */
const transientTypes = new Set(['timeout', 'deadline-exceeded', 'unavailable', 'cancelled', 'not-leader']);

/** gRPC: CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL (a stream reset on the way), UNAVAILABLE. */
const transientStatuses = new Set<unknown>([1, 4, 8, 10, 13, 14]);

const memberOf = (error: unknown, name: 'type' | 'code'): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** The kind that the client library gives its errors, e.g. `wrong-expected-version`. */
export const errorType = (error: unknown): string | undefined => {
  const type = memberOf(error, 'type');
  return typeof type === 'string' ? type : undefined;
};

/** True when the same call may succeed a little later: the connection broke, the server is starting, busy or slow. */
export const isTransient = (error: unknown): boolean =>
  transientTypes.has(errorType(error) ?? '') ||
  transientStatuses.has(memberOf(error, 'code')) ||
  errorName(error) === 'DeadlineExceeded' ||
  /^(ECONN|EPIPE|ETIMEDOUT|ERR_HTTP2_)/.test(errorCode(error) ?? '') ||
  /channel has been shut down|failed to discover/i.test(errorMessage(error));

/**
 * True when a position is not the beginning of a record, as it happens with the positions of another event store. A real server answers a read with UNKNOWN
 * and these words, a subscription with INVALID_ARGUMENT (24.10).
 */
export const isInvalidPosition = (error: unknown): boolean => {
  const code = memberOf(error, 'code');
  return code === 3 || (code === 2 && errorMessage(error).includes('InvalidPosition'));
};
