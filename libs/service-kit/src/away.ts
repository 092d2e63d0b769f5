import { errorCode, errorName } from './errors.ts';

/** Names of errors of our own libraries and of the NATS client. */
const names = new Set([
  'MessagingUnavailable',
  'EventStoreUnavailable',
  'DeadlineExceeded',
  'TimeoutError',
  'NoResponders',
  'JetStreamNotEnabled',
  'ConnectionError',
  'ClosedConnectionError',
  'DrainingConnectionError',
]);

/** Codes of Node's connections. */
const codes =
  /^(?:ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_HTTP2_\w+|UND_ERR_\w+)$/;

/** Types of errors of the event store's client. */
const types = new Set(['unavailable', 'timeout', 'deadline-exceeded', 'cancelled', 'not-leader']);

/** gRPC: CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE. */
const statuses = new Set<unknown>([1, 4, 14]);

const causesMax = 5;

/**
 * True when an engine (NATS, event store, Docker) that is unavailable or slow has caused the error.
 * Checks the shape and not the class, since errors come from several libraries and realms.
 */
export const saysEngineIsAway = (error: unknown): boolean => {
  for (let link = error, depth = 0; isObject(link) && depth < causesMax; link = link['cause'], depth += 1) {
    const { code, type, kind } = link;
    if (names.has(errorName(link) ?? '') || codes.test(errorCode(link) ?? '')) return true;
    if (statuses.has(code) || (typeof type === 'string' && types.has(type))) return true;
    if (errorName(link) === 'CloudServerError' && kind === 'transient') return true;
  }
  return false;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
