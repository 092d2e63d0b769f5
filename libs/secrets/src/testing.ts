import { createVault } from './create-vault.ts';
import type { KeyStore } from './key-store.ts';
import type { Vault } from './vault.ts';

/** Key store in memory, for unit tests. */
export const inMemoryKeyStore = (): KeyStore => {
  const values = new Map<string, string>();
  const destroyed = new Set<string>();
  const listeners: ((name: string) => void)[] = [];
  return {
    get: async (name) => values.get(name) ?? null,
    async create(name, value) {
      if (values.has(name)) return false;
      values.set(name, value);
      return true;
    },
    async destroy(name) {
      values.delete(name);
      destroyed.add(name);
      for (const listener of listeners) listener(name);
    },
    wasDestroyed: async (name) => destroyed.has(name) && !values.has(name),
    names: async () => [...values.keys()],
    onDestroyed: (listener) => void listeners.push(listener),
    onLost: () => {},
  };
};

/** Vault with the real cryptography over keys in memory. */
export const inMemoryVault = (): Vault =>
  createVault({ masterKey: new Uint8Array(32).fill(7), keys: inMemoryKeyStore() });
