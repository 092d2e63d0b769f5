import { KEYS_BUCKET } from '@alfa-cloud/contracts';
import { withDeadline } from '@alfa-cloud/service-kit';
import { type KV, type NatsConnection, StorageType } from 'nats';
import type { KeyStore } from './key-store.ts';

const callMs = 5000;
/** For the names of all keys, of which there may be tens of thousands. */
const listMs = 30_000;

/**
 * Keys in the JetStream KV bucket {@link KEYS_BUCKET}, which is made when absent. Each keeps one value and no history.
 * Every call has a deadline of 5 s. A destroyed key leaves no former value, only a marker that it is gone.
 */
export const natsKeyStore = async (connection: NatsConnection): Promise<KeyStore & { close(): void }> => {
  const open = (): Promise<KV> =>
    withDeadline(callMs, 'opening the key bucket', () =>
      connection.jetstream().views.kv(KEYS_BUCKET, { history: 1, storage: StorageType.File }),
    );
  const bucket = await open();
  const listeners: ((name: string) => void)[] = [];
  const watch = await bucket.watch({ ignoreDeletes: false, headers_only: true });
  void (async () => {
    for await (const entry of watch) {
      if (entry.operation === 'PUT') continue;
      for (const listener of listeners) listener(entry.key);
    }
  })();

  return {
    async get(name) {
      const entry = await withDeadline(callMs, 'reading a key', () => bucket.get(name));
      return entry === null || entry.operation !== 'PUT' ? null : entry.string();
    },
    create: (name, value) =>
      withDeadline(callMs, 'storing a key', async () => {
        try {
          await bucket.create(name, value);
          return true;
        } catch (error) {
          if (isWrongSequence(error)) return false;
          throw error;
        }
      }),
    destroy: (name) => withDeadline(callMs, 'destroying a key', () => bucket.purge(name)),
    names: () =>
      withDeadline(listMs, 'listing the keys', async () => {
        const names: string[] = [];
        for await (const name of await bucket.keys()) names.push(name);
        return names;
      }),
    onDestroyed: (listener) => void listeners.push(listener),
    close: () => watch.stop(),
  };
};

/** JetStream's answer when the key has a value already. */
const wrongLastSequence = 10_071;
export const isWrongSequence = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'api_error' in error &&
  (error.api_error as { err_code?: number } | undefined)?.err_code === wrongLastSequence;
