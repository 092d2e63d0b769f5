import { KEYS_BUCKET } from '@alfa-cloud/contracts';
import type { Buckets } from '@alfa-cloud/messaging';
import type { KeyStore } from './key-store.ts';

/**
 * Keys in the bucket {@link KEYS_BUCKET}, which is created when it does not exist. A destroyed key leaves no former value, only a marker.
 * @throws MessagingUnavailable when NATS does not answer within the deadline of a call of the bucket
 */
export const openKeyStore = async (buckets: Buckets): Promise<KeyStore & { close(): void }> => {
  const bucket = await buckets.open(KEYS_BUCKET);
  const listeners: ((name: string) => void)[] = [];
  const close = bucket.watchRemovals((name) => {
    for (const listener of listeners) listener(name);
  });
  return {
    get: async (name) => (await bucket.get(name))?.value ?? null,
    create: (name, value) => bucket.create(name, value),
    destroy: (name) => bucket.purge(name),
    async wasDestroyed(name) {
      const entry = await bucket.get(name);
      return entry !== null && entry.value === null;
    },
    names: () => bucket.keys(),
    onDestroyed: (listener) => void listeners.push(listener),
    onLost: (listener) => bucket.onLost(listener),
    close,
  };
};
