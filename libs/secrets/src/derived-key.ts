import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { keyBytes } from './sealing.ts';

/** What the master key itself is never used for directly, each use has a key of its own. `keys`: wraps the keys of clients and servers. */
export type KeyPurpose = 'keys' | 'transport' | 'fingerprints';

/** The key for one purpose, which always follows from the master key. */
export const derivedKey = (masterKey: Uint8Array, purpose: KeyPurpose): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, 'alfa-cloud', purpose, keyBytes)));
