import { message, isRejection } from '@alfa-cloud/contracts';
import { errorName, type Logger } from '@alfa-cloud/service-kit';
import type { ErrorRequestHandler } from 'express';
import {
  errorsOf,
  isRequestRefused,
  type Problem,
  problemOfFault,
  refuse,
  type RequestRefused,
} from './problems.ts';
import { sendDocument } from './send.ts';

/** Seconds after which a sender may try again when a part of the system did not answer. */
const retryAfterSeconds = '5';

/** Turns every error into a JSON:API answer. What is our own fault is logged with its cause and told without it. */
export const answerErrors =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    const { problems, headers } = refusalOf(error);
    const { language } = request.exchange;
    const { status, errors } = errorsOf(problems, language);
    if (status >= 500) {
      const { requestId, route } = request.exchange;
      logger[status === 500 ? 'error' : 'warn']({ err: error, requestId, route }, 'request failed');
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendDocument(
      response,
      status,
      { document: { errors }, language },
      {
        ...(status === 503 ? { 'Retry-After': retryAfterSeconds } : {}),
        ...headers,
      },
    );
  };

const refusalOf = (
  error: unknown,
): { problems: readonly Problem[]; headers: Readonly<Record<string, string>> } => {
  if (isRequestRefused(error)) return error;
  if (isRejection(error)) return { problems: error.faults.map(problemOfFault), headers: {} };
  if (errorName(error) === 'MessagingUnavailable') {
    return refuse('unavailable', message`A part of the system did not answer in time; try again in a moment`);
  }
  return (
    refusalOfHttpError(error) ??
    refuse('internal', message`Something unexpected happened; the log has it under the id of this request`)
  );
};

/** Errors that express and its body reader throw for requests that are wrong. */
const refusalOfHttpError = (error: unknown): RequestRefused | null => {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  const { status } = error;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') {
    const detail =
      'limit' in error
        ? message`The document is larger than the limit of ${String(error.limit)} bytes`
        : message`The document is larger than the limit`;
    return refuse('payload_too_large', detail, undefined, { Connection: 'close' });
  }
  if (type === 'encoding.unsupported') {
    const detail = message`Documents are taken without compression`;
    return refuse('unsupported_media_type', detail, { header: 'Content-Encoding' }, { Connection: 'close' });
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return refuse('malformed_request', message`The request could not be read`, undefined, {
      Connection: 'close',
    });
  }
  return null;
};
