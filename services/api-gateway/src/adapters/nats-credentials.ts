import { conforms, CREDENTIALS_BUCKET } from '@alfa-cloud/contracts';
import { generatePassword, hashPassword } from '@alfa-cloud/secrets';
import { backoffMs, type Clock, type Logger, sleep, withDeadline } from '@alfa-cloud/service-kit';
import { Events, type KV, type NatsConnection, StorageType } from 'nats';
import { Type } from 'typebox';
import type { Credentials, CredentialsStore } from '../ports.ts';

const key = 'admin';
const callMs = 5000;

const StoredCredentials = Type.Object({
  login: Type.String({ minLength: 1 }),
  hash: Type.String({ minLength: 1 }),
  changedAt: Type.String(),
});

/**
 * The administrator's credentials in the JetStream KV bucket {@link CREDENTIALS_BUCKET}, watched, so that a change is in force everywhere at once.
 * When there are none, they are made with the first password; of several gateways that start together one makes them.
 * @param options.first login and password of the first credentials; without a password a random one is made
 * @param options.onFirstPassword called once with a password made here, the only time that it is ever seen
 */
export const openCredentials = async (options: {
  connection: NatsConnection;
  first: { login: string; password?: string };
  onFirstPassword: (login: string, password: string) => void;
  clock: Clock;
  logger: Logger;
}): Promise<CredentialsStore & { close(): void }> => {
  const { connection, logger } = options;
  const bucket = await withDeadline(callMs, 'opening the credentials bucket', () =>
    connection.jetstream().views.kv(CREDENTIALS_BUCKET, { history: 1, storage: StorageType.File }),
  );
  await createIfAbsent(bucket, options);

  const listeners = new Set<() => void>();
  const closed = new AbortController();
  let revision = 0;
  let current: Credentials | null = null;
  const take = (entry: { revision: number; value: Uint8Array; operation: string }): void => {
    if (entry.operation !== 'PUT' || entry.revision <= revision) return;
    revision = entry.revision;
    current = parse(entry.value);
    for (const listener of listeners) listener();
  };
  const refresh = async (): Promise<void> => {
    const entry = await withDeadline(callMs, 'reading the credentials', () => bucket.get(key));
    if (entry !== null) take(entry);
  };
  await refresh();
  const reconnects = listenToReconnects(connection);
  void follow({ bucket, take, refresh, reconnects, logger, signal: closed.signal });

  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => closed.abort(),
  };
};

const createIfAbsent = async (
  bucket: KV,
  options: Pick<Parameters<typeof openCredentials>[0], 'first' | 'onFirstPassword' | 'clock'>,
): Promise<void> => {
  const known = await withDeadline(callMs, 'reading the credentials', () => bucket.get(key));
  if (known !== null && known.operation === 'PUT') return;
  const { first, clock } = options;
  const password = first.password ?? generatePassword();
  const hash = await hashPassword(password);
  const value = JSON.stringify({ login: first.login, hash, changedAt: clock().toISOString() });
  try {
    await withDeadline(callMs, 'storing the credentials', () => bucket.create(key, value));
  } catch (error) {
    // Another gateway made them first: theirs are in force.
    const entry = await withDeadline(callMs, 'reading the credentials', () => bucket.get(key));
    if (entry !== null && entry.operation === 'PUT') return;
    throw error;
  }
  if (first.password === undefined) options.onFirstPassword(first.login, password);
};

/** A value that can't be read must lock everybody out rather than leave former credentials in force. */
const parse = (value: Uint8Array): Credentials | null => {
  let stored: unknown;
  try {
    stored = JSON.parse(new TextDecoder().decode(value));
  } catch {
    return null;
  }
  return conforms(StoredCredentials, stored) ? { login: stored.login, hash: stored.hash } : null;
};

/** Watches until closed. A watch that ends or fails is begun again, and what was missed is read. */
const follow = async (options: {
  bucket: KV;
  take: (entry: { revision: number; value: Uint8Array; operation: string }) => void;
  refresh: () => Promise<void>;
  reconnects: Reconnects;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> => {
  const { bucket, take, refresh, reconnects, logger, signal } = options;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      const watch = await withDeadline(
        callMs,
        'watching the credentials',
        () => bucket.watch({ key }),
        signal,
      );
      const stop = () => watch.stop();
      signal.addEventListener('abort', stop, { once: true });
      reconnects.once(stop);
      await refresh();
      for await (const entry of watch) {
        attempt = 0;
        take(entry);
      }
      signal.removeEventListener('abort', stop);
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error }, 'credentials are not watched at the moment');
    }
    await sleep(backoffMs(Math.min(attempt + 1, 8), 100, 10_000), signal).catch(() => undefined);
  }
};

/** Tells when NATS is back: a watch notices only after some seconds that its server has forgotten it. */
interface Reconnects {
  /** Calls back at the next one; replaces the callback before. */
  once(callback: () => void): void;
}

const listenToReconnects = (connection: NatsConnection): Reconnects => {
  let callback = (): void => undefined;
  void (async () => {
    for await (const { type } of connection.status()) {
      if (type === Events.Reconnect) callback();
    }
  })();
  return { once: (next) => void (callback = next) };
};
