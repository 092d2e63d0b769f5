import { message, type Message } from '@alfa-cloud/contracts';
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';
import { CloudServerError, isCloudServerError } from '../cloud-server-error.ts';

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

/** `unreadable`: in no form that is known here. `public`: it is the public part. */
export type KeyFault = 'unreadable' | 'public' | 'passphrase_missing' | 'passphrase_wrong';

/** A private key that can't be used; says what is wrong with it and nothing of what is in it. */
export class KeyUnusable extends CloudServerError {
  readonly fault: KeyFault;

  constructor(fault: KeyFault) {
    super('final', 'key_unusable', message`The private key can't be used: ${sentences[fault]}`);
    this.fault = fault;
  }
}

const sentences: Readonly<Record<KeyFault, Message>> = {
  unreadable: message`it is not a key of OpenSSH or PEM form`,
  public: message`it is a public key`,
  passphrase_missing: message`it needs a passphrase`,
  passphrase_wrong: message`the passphrase is wrong`,
};

/** True for a {@link KeyUnusable} of any realm. */
export const isKeyUnusable = (error: unknown): error is KeyUnusable =>
  isCloudServerError(error) && 'fault' in error;

/**
 * Reads a private key.
 * @throws KeyUnusable
 */
export const parsePrivateKey = ({ privateKey, passphrase }: SshCredentials): ParsedKey => {
  const parsed: ParsedKey | Error | (ParsedKey | Error)[] = ssh2.utils.parseKey(privateKey, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || !('isPrivateKey' in key)) throw new KeyUnusable(faultIn(key?.message ?? ''));
  if (!key.isPrivateKey()) throw new KeyUnusable('public');
  return key;
};

const faultIn = (said: string): KeyFault => {
  if (/no passphrase given/i.test(said)) return 'passphrase_missing';
  return /passphrase|integrity check|bad decrypt/i.test(said) ? 'passphrase_wrong' : 'unreadable';
};
