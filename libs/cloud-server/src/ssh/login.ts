import { message, type Message } from '@alfa-cloud/contracts';
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';
import { CloudServerError } from '../cloud-server-error.ts';

/** By which key somebody logs in. */
export interface SshCredentials {
  /** In OpenSSH's or PEM form: ed25519, ecdsa or rsa. */
  privateKey: string;
  passphrase?: string;
}

/** Who logs in where. */
export interface SshLogin {
  /** Name or address; a name is resolved anew at each connect. */
  host: string;
  /** Default 22. */
  port?: number;
  username: string;
  /** Asked for the key at each connect, so that it is kept nowhere meanwhile. */
  credentials: () => Promise<SshCredentials>;
}

/**
 * Reads a private key.
 * @throws CloudServerError `key_unusable`, which says what is wrong with it and nothing of what is in it
 */
export const parsePrivateKey = ({ privateKey, passphrase }: SshCredentials): ParsedKey => {
  const parsed: ParsedKey | Error | (ParsedKey | Error)[] = ssh2.utils.parseKey(privateKey, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || !('isPrivateKey' in key)) throw unusable(reasonOf(key?.message ?? ''));
  if (!key.isPrivateKey()) throw unusable(message`it is a public key`);
  return key;
};

const unusable = (reason: Message): CloudServerError =>
  new CloudServerError('final', 'key_unusable', message`The private key can't be used: ${reason}`);

const reasonOf = (said: string): Message => {
  if (/no passphrase given/i.test(said)) return message`it needs a passphrase`;
  if (/passphrase|integrity check|bad decrypt/i.test(said)) return message`the passphrase is wrong`;
  return message`it is not a key of OpenSSH or PEM form`;
};
