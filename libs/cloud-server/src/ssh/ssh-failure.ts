import { joined, message, type Message, type MessageValue } from '@alfa-cloud/contracts';
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
      message`${server} does not let this user in with this key (is the public key in its authorized_keys?)`,
      { cause: error },
    );
  }
  return new CloudServerError('transient', 'server_unreachable', joined([server, causeOf(error)], ': '), {
    cause: error,
  });
};

const sentences: Readonly<Record<string, Message>> = {
  ECONNREFUSED: message`nothing listens on that port`,
  ENOTFOUND: message`the name is not known`,
  EAI_AGAIN: message`the name servers do not answer`,
  EHOSTUNREACH: message`no way leads there`,
  ENETUNREACH: message`no way leads there`,
  ETIMEDOUT: message`no answer`,
};

const causeOf = (error: unknown): MessageValue => {
  if (errorName(error) === 'DeadlineExceeded') return message`no answer in time`;
  const code = errorCode(error);
  if (code === undefined) return errorMessage(error);
  const sentence = sentences[code];
  return sentence === undefined ? code : { template: '{} ({})', values: [sentence, code] };
};
