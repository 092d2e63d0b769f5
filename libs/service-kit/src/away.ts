import { errorCode, errorName } from './errors.ts';

/** Errors of our own that say that an engine does not answer now. */
const names = new Set(['MessagingUnavailable', 'EventStoreUnavailable', 'DeadlineExceeded', 'TimeoutError']);

/** Codes of Node's connections and of the NATS client. */
const codes =
  /^(?:ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_HTTP2_\w+|UND_ERR_\w+|CONNECTION_\w+|DISCONNECT|TIMEOUT|503)$/;

/** Kinds by which the client of the event store names its errors. */
const types = new Set(['unavailable', 'timeout', 'deadline-exceeded', 'cancelled', 'not-leader']);

/** gRPC: CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE. */
const statuses = new Set<unknown>([1, 4, 14]);

const causesMax = 5;

/**
 * True for an error that says no more than that an engine (NATS, event store, Docker) is away or slow at the moment, or whose cause does.
 * Looks at the shape, as errors of several libraries and realms come by.
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
