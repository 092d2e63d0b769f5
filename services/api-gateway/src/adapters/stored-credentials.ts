import { newId } from '@alfa-cloud/contracts';
import type { Buckets } from '@alfa-cloud/messaging';
import {
  type AdminCredentialsAt,
  type AdminCredentialsStore,
  generatePassword,
  hashPassword,
  openAdminCredentials,
} from '@alfa-cloud/secrets';
import { type Clock, retry, withDeadline } from '@alfa-cloud/service-kit';
import type { Credentials, CredentialsStore } from '../ports.ts';
import { createSharedLook } from './shared-look.ts';

/** Longest time to read the credentials while NATS is unavailable for a moment, ms. */
const lookMs = 5000;
/** Longest time to store them again after NATS has lost them, ms. */
const putBackMs = 60_000;
/** Longest time of one attempt, ms. */
const tryMs = 1000;

/** To be opened before it is used, and closed at the end. */
export interface StoredCredentials extends CredentialsStore {
  open(): Promise<void>;
  close(): void;
}

interface StoredCredentialsOptions {
  buckets: Buckets;
  first: () => Promise<{ login: string; password?: string }>;
  onFirstPassword: (login: string, password: string) => void;
  clock: Clock;
  /** NATS had lost the credentials, and those valid until then were stored again. */
  onPutBack: () => void;
  /** They could not be stored again; those in memory stay valid until this process ends. */
  onNotPutBack: (error: unknown) => void;
}

/**
 * The administrator's credentials, kept in memory and updated by a watch; `upToDate` reads them again, so that a change is valid in every gateway
 * as soon as it is stored. When there are none, `open` creates them with the first password; of several gateways that start together one does.
 * @param options.first login and password of the first credentials; without a password a random one is generated
 * @param options.onFirstPassword called once with a password generated here, the only time that it is shown
 */
export const createStoredCredentials = (options: StoredCredentialsOptions): StoredCredentials => {
  const listeners = new Set<() => void>();
  const closed = new AbortController();
  let store: AdminCredentialsStore | undefined;
  let endWatch = (): void => {};
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
  const refresh = async (): Promise<void> => {
    if (store === undefined) throw new Error('The credentials are not opened yet');
    take(await store.read());
  };

  /** The newest credentials are known here, since they are read with each request. */
  const putBack = async (lost: AdminCredentialsStore): Promise<void> => {
    const valid = current;
    if (valid === null) return;
    const { login, hash } = valid;
    const changedAt = options.clock().toISOString();
    await retry(() => lost.replace({ login, hash, changedAt, changeId: newId() }, 0), {
      deadlineMs: putBackMs,
      signal: closed.signal,
    });
    // A look that was under way may have told of the lost ones meanwhile, whose revision was higher.
    known = 0;
    await refresh();
    options.onPutBack();
  };

  return {
    async open() {
      const opened = await openAdminCredentials(options.buckets);
      store = opened;
      opened.onLost(() => void putBack(opened).catch(options.onNotPutBack));
      await createIfAbsent(store, options);
      await refresh();
      endWatch = store.watch(take);
    },
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
    close() {
      closed.abort();
      endWatch();
    },
  };
};

const createIfAbsent = async (
  store: AdminCredentialsStore,
  options: StoredCredentialsOptions,
): Promise<void> => {
  const first = await options.first();
  const { revision, credentials } = await store.read();
  // Credentials that can't be read are left for the administrator to reset.
  if (credentials !== null || revision > 0) return;
  const password = first.password ?? generatePassword();
  const hash = await hashPassword(password);
  const changedAt = options.clock().toISOString();
  const isCreated = await store.replace({ login: first.login, hash, changedAt, changeId: newId() }, revision);
  // Otherwise another gateway was first, and its credentials are valid.
  if (isCreated && first.password === undefined) options.onFirstPassword(first.login, password);
};
