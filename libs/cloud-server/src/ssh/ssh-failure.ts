import { errorCode, errorMessage, errorName } from '@alfa-cloud/service-kit';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';

/** What ssh2 or Node's sockets threw while connecting or afterwards, as a {@link CloudServerError}. `server` is `user@host:port`. */
export const sshFailure = (server: string, error: unknown): CloudServerError => {
  if (isCloudServerError(error)) return error;
  const level = typeof error === 'object' && error !== null && 'level' in error ? error.level : undefined;
  if (level === 'client-authentication') {
    return new CloudServerError(
      'final',
      'login_refused',
      `${server} does not let this user in with this key (is the public key in its authorized_keys?)`,
      { cause: error },
    );
  }
  return new CloudServerError('transient', 'server_unreachable', `${server}: ${wordsOf(error)}`, {
    cause: error,
  });
};

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens on that port',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name servers do not answer',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  ETIMEDOUT: 'no answer',
};

const wordsOf = (error: unknown): string => {
  if (errorName(error) === 'DeadlineExceeded') return 'no answer in time';
  const code = errorCode(error);
  if (code === undefined) return errorMessage(error);
  return code in sentences ? `${sentences[code]} (${code})` : code;
};
