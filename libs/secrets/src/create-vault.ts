import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { derivedKey } from './derived-key.ts';
import type { KeyStore } from './key-store.ts';
import { keyBytes, openWith, parseSealed, sealWith } from './sealing.ts';
import { KeyDestroyed, type KeyLoss, type KeyScope, type Vault } from './vault.ts';

/** Most keys kept in memory. The least recently used one is dropped, and read again when needed. */
const cachedKeysMax = 20_000;

/**
 * A vault whose keys, one a scope, are in `keys`, each sealed by the master key. `transport` and fingerprints use keys derived from the master
 * key. Does not check that the master key is the right one: see `verifyMasterKey`.
 * @param options.onLostKey called with the scope of a lost key when it is needed, usually once a scope
 */
export const createVault = (options: {
  masterKey: Uint8Array;
  keys: KeyStore;
  onLostKey?: (scope: string, loss: KeyLoss) => void;
}): Vault & {
  /** Scopes whose keys were needed and are lost. One that has got a key again is none of them any more. */
  lostKeys(): readonly string[];
} => {
  const { masterKey, keys, onLostKey } = options;
  const wrapping = derivedKey(masterKey, 'keys');
  const transport = derivedKey(masterKey, 'transport');
  const fingerprints = derivedKey(masterKey, 'fingerprints');
  const cache = new Map<string, KeyObject>();
  const lost = new Set<string>();
  keys.onDestroyed((name) => cache.delete(name));

  const reportLost = (scope: string, loss: KeyLoss): void => {
    if (lost.has(scope)) return;
    if (lost.size >= cachedKeysMax) lost.clear();
    lost.add(scope);
    onLostKey?.(scope, loss);
  };

  /** A key that does not open counts as destroyed, and is reported. */
  const unwrap = (scope: string, wrapped: string): KeyObject => {
    try {
      return createSecretKey(Buffer.from(openWith(wrapping, wrapped), 'base64url'));
    } catch (error) {
      reportLost(scope, 'foreign');
      throw new KeyDestroyed(`The key of ${scope} was sealed with another master key`, { cause: error });
    }
  };

  const keyOf = async (scope: string): Promise<KeyObject> => {
    if (scope === 'transport') return transport;
    const known = cache.get(scope);
    if (known !== undefined) {
      cache.delete(scope);
      cache.set(scope, known);
      return known;
    }
    const wrapped = await keys.get(scope);
    if (wrapped === null) {
      if (!(await keys.wasDestroyed(scope))) reportLost(scope, 'missing');
      throw new KeyDestroyed(`The key of ${scope} does not exist (any more)`);
    }
    const key = unwrap(scope, wrapped);
    lost.delete(scope);
    cache.set(scope, key);
    const oldest = cache.keys().next().value;
    if (cache.size > cachedKeysMax && oldest !== undefined) cache.delete(oldest);
    return key;
  };

  return {
    async ensureKey(scope: KeyScope) {
      if (scope === 'transport' || cache.has(scope)) return;
      await keys.create(scope, sealWith(wrapping, scope, randomBytes(keyBytes).toString('base64url')));
      lost.delete(scope);
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
    lostKeys: () => [...lost],
    fingerprint: (text) => createHmac('sha256', fingerprints).update(text).digest('base64url'),
  };
};
