import { readFile, rm } from 'node:fs/promises';

import { runCommand } from '../run-command.ts';

export const keyTypes = ['ed25519', 'ecdsa', 'rsa'] as const;
export type KeyType = (typeof keyTypes)[number];

export interface KeyPair {
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly publicKey: string;
  readonly passphrase?: string;
}

/** Makes a key pair in `file` and `file.pub`, in the place of one that is there. */
export async function makeKey(file: string, type: KeyType, passphrase?: string): Promise<KeyPair> {
  await rm(file, { force: true });
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  const words = ['-q', '-t', type, ...size, '-f', file, '-C', '', '-N', passphrase ?? ''];
  await runCommand('ssh-keygen', words);
  const [privateKey, publicKey] = await Promise.all([
    readFile(file, 'utf8'),
    readFile(`${file}.pub`, 'utf8'),
  ]);
  return { privateKey, publicKey: publicKey.trim(), ...(passphrase === undefined ? {} : { passphrase }) };
}
