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

/** The error and its causes; the client wraps them at most three deep. */
const chainOf = (error: unknown): Error[] => {
  const chain: Error[] = [];
  for (let link = error; isObject(link) && chain.length < 4; link = link.cause) chain.push(link);
  return chain;
};

const isObject = (value: unknown): value is Error => typeof value === 'object' && value !== null;

const isRefusal = (error: Error): error is Error & { code: number } =>
  ['JetStreamApiError', 'StreamNotFoundError', 'ConsumerNotFoundError'].includes(error.name);

/** JetStream's error code of a refused call, or of the refusal that caused an error; undefined for any other error. */
export const refusalCode = (error: unknown): number | undefined => chainOf(error).find(isRefusal)?.code;

/** Nobody listens on the subject. For a call of JetStream: the stream, or JetStream itself, does not exist. */
export const hasNoResponders = (error: unknown): boolean =>
  chainOf(error).some(({ name }) => name === 'NoResponders');

export const isTooLargeForServer = (error: unknown): boolean =>
  errorName(error) === 'InvalidArgumentError' && errorMessage(error).includes('max_payload');
