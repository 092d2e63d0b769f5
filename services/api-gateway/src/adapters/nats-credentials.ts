import { newId } from '@alfa-cloud/contracts';
import {
  type AdminCredentialsAt,
  type AdminCredentialsStore,
  generatePassword,
  hashPassword,
  natsAdminCredentials,
} from '@alfa-cloud/secrets';
import { backoffMs, type Clock, type Logger, retry, sleep, withDeadline } from '@alfa-cloud/service-kit';
import { Events, type NatsConnection } from 'nats';
import type { Credentials, CredentialsStore } from '../ports.ts';
import { createSharedLook } from './shared-look.ts';

/** Longest time that a look at the credentials may take while NATS is away for a moment, ms. */
const lookMs = 5000;
/** After it one try is given up and repeated: an answer that was under way when the connection broke never comes. */
const tryMs = 1000;

/**
 * The administrator's credentials, known here without asking and, where it matters, looked at again: a change is in force in every gateway
 * as soon as it is stored. When there are none, they are made with the first password; of several gateways that start together one makes them.
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
  const store = await natsAdminCredentials(connection);
  await createIfAbsent(store, options);

  const listeners = new Set<() => void>();
  const closed = new AbortController();
  let known = 0;
  let current: Credentials | null = null;
  const take = ({ revision, credentials }: AdminCredentialsAt): void => {
    if (credentials === null && revision === 0) return;
    if (revision <= known) return;
    known = revision;
    current =
      credentials === null ? null : { login: credentials.login, hash: credentials.hash, revision: known };
    for (const listener of listeners) listener();
  };
  const refresh = async (): Promise<void> => take(await store.read());
  await refresh();
  const reconnects = listenToReconnects(connection);
  void follow({ store, take, reconnects, logger, signal: closed.signal });

  return {
    current: () => current,
    upToDate: createSharedLook(() =>
      retry(() => withDeadline(tryMs, 'looking up the credentials', refresh), {
        deadlineMs: lookMs,
        firstDelayMs: 50,
        maxDelayMs: 500,
        signal: closed.signal,
      }),
    ),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => closed.abort(),
  };
};

const createIfAbsent = async (
  store: AdminCredentialsStore,
  options: Pick<Parameters<typeof openCredentials>[0], 'first' | 'onFirstPassword' | 'clock'>,
): Promise<void> => {
  const { revision, credentials } = await store.read();
  // Some that can't be read are for the administrator to reset, not for a start to replace.
  if (credentials !== null || revision > 0) return;
  const { first, clock } = options;
  const password = first.password ?? generatePassword();
  const hash = await hashPassword(password);
  const changedAt = clock().toISOString();
  const made = await store.replace({ login: first.login, hash, changedAt, changeId: newId() }, revision);
  // Not made: another gateway was first, and its credentials are in force.
  if (made && first.password === undefined) options.onFirstPassword(first.login, password);
};

/** Watches until closed. A watch that ends or fails is begun again; it begins with what is in force then. */
const follow = async (options: {
  store: AdminCredentialsStore;
  take: (changed: AdminCredentialsAt) => void;
  reconnects: Reconnects;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> => {
  const { store, take, reconnects, logger, signal } = options;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const watch = new AbortController();
    reconnects.once(() => watch.abort());
    try {
      await store.watch(
        (changed) => {
          attempt = 0;
          take(changed);
        },
        AbortSignal.any([signal, watch.signal]),
      );
    } catch (error) {
      if (signal.aborted) return;
      if (!watch.signal.aborted) logger.warn({ err: error }, 'credentials are not watched at the moment');
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
