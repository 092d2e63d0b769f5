import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { keyBytes } from './sealing.ts';

/** Uses of the master key; each has a key derived from it. `keys`: seals the keys of clients and servers. */
export type KeyPurpose = 'keys' | 'transport' | 'fingerprints';

/** Derives the key of one purpose; the same master key always gives the same key. */
export const derivedKey = (masterKey: Uint8Array, purpose: KeyPurpose): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, 'alfa-cloud', purpose, keyBytes)));
