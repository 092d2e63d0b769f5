import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyStore } from './key-store.ts';
import { keyBytes, openWith, parseSealed, sealWith } from './sealing.ts';
import { KeyDestroyed, type KeyScope, type Vault } from './vault.ts';

const derive = (masterKey: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, 'alfa-cloud', purpose, keyBytes));

/** Keys kept in memory at most; the least recently used is dropped and read again when needed. */
const cachedKeysMax = 20_000;

/**
 * Vault whose per-scope keys lie in `keys`, each sealed by the master key. `transport` and fingerprints use keys derived from it.
 */
export const createVault = (options: { masterKey: Uint8Array; keys: KeyStore }): Vault => {
  const { masterKey, keys } = options;
  const wrapping = derive(masterKey, 'keys');
  const transport = derive(masterKey, 'transport');
  const fingerprints = derive(masterKey, 'fingerprints');
  const cache = new Map<string, Buffer>();
  keys.onDestroyed((name) => cache.delete(name));

  const keyOf = async (scope: string): Promise<Buffer> => {
    if (scope === 'transport') return transport;
    const known = cache.get(scope);
    if (known !== undefined) {
      cache.delete(scope);
      cache.set(scope, known);
      return known;
    }
    const wrapped = await keys.get(scope);
    if (wrapped === null) throw new KeyDestroyed(`The key of ${scope} does not exist (any more)`);
    const key = Buffer.from(openWith(wrapping, wrapped), 'base64url');
    cache.set(scope, key);
    const oldest = cache.keys().next().value;
    if (cache.size > cachedKeysMax && oldest !== undefined) cache.delete(oldest);
    return key;
  };

  return {
    async ensureKey(scope: KeyScope) {
      if (scope === 'transport' || cache.has(scope)) return;
      await keys.create(scope, sealWith(wrapping, scope, randomBytes(keyBytes).toString('base64url')));
    },
    async seal(scope, plaintext) {
      return sealWith(await keyOf(scope), scope, plaintext);
    },
    async open(sealed) {
      return openWith(await keyOf(parseSealed(sealed).scope), sealed);
    },
    async destroyKey(scope) {
      if (scope === 'transport')
        throw new Error('The transport key is derived from the master key and stays');
      await keys.destroy(scope);
      cache.delete(scope);
    },
    fingerprint: (text) => createHmac('sha256', fingerprints).update(text).digest('base64url'),
  };
};
