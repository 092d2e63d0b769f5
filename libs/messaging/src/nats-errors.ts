import { errorCode } from '@alfa-cloud/service-kit';

/** Codes by which JetStream names its refusals. */
export const jetStream = {
  consumerNotFound: 10_014,
  streamNotFound: 10_059,
  streamNameInUse: 10_058,
  noMessageFound: 10_037,
  messageTooLarge: 10_054,
  wrongLastSequence: 10_071,
  storeFailed: 10_077,
} as const;

/** JetStream's code of a refused call; undefined when the error is not a refusal. */
export const refusalCode = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('api_error' in error)) return undefined;
  return (error.api_error as { err_code?: number } | undefined)?.err_code;
};

/** Nobody listens on the subject: of a JetStream call, that the stream or JetStream itself is not there. */
export const hasNoResponders = (error: unknown): boolean => errorCode(error) === '503';

export const isTooLargeForServer = (error: unknown): boolean => errorCode(error) === 'MAX_PAYLOAD_EXCEEDED';
