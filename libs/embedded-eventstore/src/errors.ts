import { Metadata, status } from '@grpc/grpc-js';

/** A gRPC status as an error: what the client receives as code, message and trailers. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;

  constructor(code: status, details: string, trailers: Readonly<Record<string, string>> = {}) {
    super(shortened(details));
    this.code = code;
    this.details = this.message;
    this.metadata = new Metadata();
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, asciiOnly(value));
  }
}

/** gRPC trailers carry printable ASCII only; other characters of a stream name are percent-encoded. */
const asciiOnly = (value: string): string =>
  shortened(value.replaceAll(/[^\u0020-\u007E]+/g, (run) => encodeURIComponent(run.toWellFormed())));

/** A status is sent as headers, of which too long ones would end the client's whole connection. */
const TEXT_MAX = 8000;

const shortened = (text: string): string => (text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}...` : text);

export const streamDeleted = (stream: string): StatusError =>
  new StatusError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

/** The form that Delete and Tombstone use; Append answers with a message of its own. */
export const wrongExpectedVersion = (stream: string, expected: string, actual: number): StatusError =>
  new StatusError(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': expected,
      'actual-version': String(actual),
    },
  );

export const maximumAppendSizeExceeded = (maxBytes: number): StatusError =>
  new StatusError(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxBytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxBytes),
  });

export const isTooLarge = (error: StatusError): boolean =>
  error.metadata.get('exception')[0] === 'maximum-append-size-exceeded';

export const missingRequiredMetadata = (property: string): StatusError =>
  new StatusError(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const invalidArgument = (message: string): StatusError =>
  new StatusError(status.INVALID_ARGUMENT, message);
/** For requests that the real server answers by an unhandled exception, and for faults of this one. */
export const unknownError = (message: string): StatusError => new StatusError(status.UNKNOWN, message);
export const serverTooBusy = (): StatusError => new StatusError(status.UNAVAILABLE, 'Server Is Too Busy');
export const serverNotReady = (): StatusError => new StatusError(status.UNAVAILABLE, 'Server Is Not Ready');
export const cancelled = (): StatusError => new StatusError(status.CANCELLED, 'The call was cancelled.');

/** What the real server answers where it has not thought of a case. */
export const unhandled = (): StatusError => unknownError('Exception was thrown by handler.');

/** Makes a status of whatever was thrown; unforeseen errors show nothing of themselves to the client. */
export const toStatusError = (error: unknown): StatusError =>
  error instanceof StatusError ? error : unhandled();
