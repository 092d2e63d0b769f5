import { errorMessage, errorName } from '@alfa-cloud/service-kit';

/** JetStream's error codes. */
export const jetStream = {
  consumerNotFound: 10_014,
  streamNotFound: 10_059,
  streamNameInUse: 10_058,
  noMessageFound: 10_037,
  messageTooLarge: 10_054,
  wrongLastSequence: 10_071,
  storeFailed: 10_077,
} as const;

const causeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;

const isRefusal = (error: unknown): error is { code: number } =>
  ['JetStreamApiError', 'StreamNotFoundError', 'ConsumerNotFoundError'].includes(errorName(error) ?? '');

/** JetStream's error code of a refused call, or of the refusal that caused an error; undefined for any other error. */
export const refusalCode = (error: unknown): number | undefined =>
  [error, causeOf(error)].find(isRefusal)?.code;

/** Nobody listens on the subject. For a call of JetStream: the stream, or JetStream itself, does not exist. */
export const hasNoResponders = (error: unknown): boolean =>
  [error, causeOf(error)].some((each) => errorName(each) === 'NoRespondersError');

export const isTooLargeForServer = (error: unknown): boolean =>
  errorName(error) === 'InvalidArgumentError' && errorMessage(error).includes('max_payload');
