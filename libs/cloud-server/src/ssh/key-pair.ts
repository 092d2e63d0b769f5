import ssh2 from 'ssh2';
import { shownHostKey } from './host-key.ts';
import { parsePrivateKey, type SshCredentials } from './login.ts';

const attemptsMax = 20;

/** A private key and the line that lets its holder in: `ssh-ed25519 AAAA… comment`, as `authorized_keys` holds it. */
export interface KeyPair {
  privateKey: string;
  publicKey: string;
  /** As `ssh-keygen -l` shows it: `SHA256:…`. */
  fingerprint: string;
}

/**
 * Makes a key pair of type ed25519, without passphrase.
 * @param comment at the end of the public key, without line breaks
 */
export const makeKeyPair = (comment: string): KeyPair => {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    // ssh2 writes one of some hundred pairs in a form that nobody can read.
    if (isWhole({ privateKey, publicKey })) {
      const { fingerprint } = shownHostKey(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'));
      return { privateKey, publicKey: publicKey.trim(), fingerprint };
    }
  }
  throw new Error(`No usable key pair came of ${attemptsMax} attempts`);
};

/**
 * The public part of a private key: `ssh-ed25519 AAAA…`.
 * @throws KeyUnusable
 */
export const publicKeyOf = (credentials: SshCredentials): string => {
  const key = parsePrivateKey(credentials);
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
};

const isWhole = ({ privateKey, publicKey }: Omit<KeyPair, 'fingerprint'>): boolean => {
  try {
    return publicKey.startsWith(publicKeyOf({ privateKey }));
  } catch {
    return false;
  }
};
