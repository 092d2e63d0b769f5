import { message, type Message } from '@alfa-cloud/contracts';
import { errorCode, errorMessage, errorName } from '@alfa-cloud/service-kit';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';

const unreachableCodes = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTCONN',
  'EAGAIN',
]);

/** Status of the engine's answer, if the error is one. */
export const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;

/** What dockerode, Node's sockets or a deadline threw, as a {@link CloudServerError}. `what`: it could not do that, `create container x`. */
export const dockerError = (what: Message, error: unknown): CloudServerError => {
  if (isCloudServerError(error)) return error;
  if (errorName(error) === 'DeadlineExceeded') {
    return new CloudServerError('transient', 'deadline_exceeded', message`Docker did not ${what} in time`, {
      cause: error,
    });
  }
  const status = statusOf(error);
  if (status !== undefined) return answerError(what, status, sentenceOf(error), error);
  const code = errorCode(error);
  const path = socketPathOf(error);
  if (path !== undefined && (code === 'ENOENT' || code === 'ECONNREFUSED')) {
    return new CloudServerError(
      'transient',
      'docker_unreachable',
      message`No Docker Engine listens at ${path}, so it could not ${what}: is it installed and running?`,
      { cause: error },
    );
  }
  if ((code !== undefined && unreachableCodes.has(code)) || errorMessage(error) === 'socket hang up') {
    return new CloudServerError(
      'transient',
      'docker_unreachable',
      message`The Docker Engine can't be reached (${code ?? message`connection cut`}), so it could not ${what}`,
      { cause: error },
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new CloudServerError(
      'final',
      'docker_refused',
      path === undefined
        ? message`No permission to use the Docker Engine's socket`
        : message`No permission to use the Docker Engine's socket ${path}`,
      { cause: error },
    );
  }
  return new CloudServerError(
    'transient',
    'docker_failed',
    message`Could not ${what}: ${errorMessage(error)}`,
    {
      cause: error,
    },
  );
};

const answerError = (what: Message, status: number, sentence: string, cause: unknown): CloudServerError => {
  const make = (kind: 'transient' | 'final', code: CloudServerError['code']) =>
    new CloudServerError(kind, code, message`Docker could not ${what}: ${sentence}`, { cause });
  // These come with various statuses, 500 among them, and no repetition mends them.
  if (/port is already allocated|address already in use/i.test(sentence)) return make('final', 'port_in_use');
  if (/no space left on device/i.test(sentence)) return make('final', 'disk_full');
  if (/pool overlaps with other one|(?:network|subnet)\b.* (?:conflicts|overlaps) with/i.test(sentence)) {
    return make('final', 'subnet_in_use');
  }
  // After a restart of the engine its containers come back a moment later.
  if (/is not running|container not running|is restarting/i.test(sentence))
    return make('transient', 'not_running');
  // A removal that an earlier attempt has begun goes on without it: soon the container is gone.
  if (/removal of container \S+ is already in progress|is marked for removal/i.test(sentence)) {
    return make('transient', 'docker_failed');
  }
  if (status === 404) return make('final', 'not_found');
  if (status === 409) {
    return make(
      'final',
      /already in use|already exists/i.test(sentence) && !/volume is in use/i.test(sentence)
        ? 'name_in_use'
        : 'docker_refused',
    );
  }
  if (status >= 500) return make('transient', 'docker_failed');
  if (status >= 300 && status < 400) {
    const words = message`What is taken for the Docker Engine could not ${what}: it answered with a redirect (${status}), which an engine does not do`;
    return new CloudServerError('final', 'docker_refused', words, { cause });
  }
  return make('final', 'docker_refused');
};

/** The local socket that could not be connected to, as Node names it; undefined for another transport. */
const socketPathOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'address' in error && typeof error.address === 'string'
    ? error.address
    : undefined;

/** The engine's own sentence without dockerode's decoration. */
const sentenceOf = (error: unknown): string => {
  if (typeof error === 'object' && error !== null && 'json' in error) {
    const { json } = error;
    if (typeof json === 'object' && json !== null && 'message' in json) return String(json.message);
  }
  return errorMessage(error)
    .replace(/^\(HTTP code \d+\) \S+ - /, '')
    .trim();
};
