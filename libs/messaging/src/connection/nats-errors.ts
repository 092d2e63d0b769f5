import { errorCode } from '@alfa-cloud/service-kit';

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

/** JetStream's error code of a refused call; undefined for any other error. */
export const refusalCode = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('api_error' in error)) return undefined;
  return (error.api_error as { err_code?: number } | undefined)?.err_code;
};

/** Nobody listens on the subject. For a call of JetStream: the stream, or JetStream itself, does not exist. */
export const hasNoResponders = (error: unknown): boolean => errorCode(error) === '503';

export const isTooLargeForServer = (error: unknown): boolean => errorCode(error) === 'MAX_PAYLOAD_EXCEEDED';
