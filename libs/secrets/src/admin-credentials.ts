import { CREDENTIALS_BUCKET } from '@alfa-cloud/contracts';
import { withDeadline } from '@alfa-cloud/service-kit';
import { type KV, type NatsConnection, StorageType } from 'nats';
import { isWrongSequence } from './nats-key-store.ts';

const key = 'admin';
const callMs = 5000;

/** As they stand in the bucket. */
export interface AdminCredentials {
  login: string;
  /** Of `hashPassword`. */
  hash: string;
  changedAt: string;
  /** Of the change that put them there, so that it knows its own work after a crash. */
  changeId?: string;
}

/** What is in force at a revision; null when there are none, or none that can be read. */
export interface AdminCredentialsAt {
  revision: number;
  credentials: AdminCredentials | null;
}

/** The administrator's credentials, one value for all gateways. Every call has a deadline of 5 s. */
export interface AdminCredentialsStore {
  /** What is in force now. Revision 0 when there never were any. */
  read(): Promise<AdminCredentialsAt>;
  /**
   * Puts others in force, unless there are others than the revision says. Repeatable: a change that has come through before is recognised
   * by its id.
   * @returns false when somebody else has changed them meanwhile
   */
  replace(next: AdminCredentials & { changeId: string }, basedOn: number): Promise<boolean>;
  /** Calls back with the ones in force now and with every change, until the signal is aborted or the watch ends. */
  watch(take: (changed: AdminCredentialsAt) => void, signal: AbortSignal): Promise<void>;
}

/** The credentials in the JetStream KV bucket {@link CREDENTIALS_BUCKET}, which is made when absent. It keeps one value and no history. */
export const natsAdminCredentials = async (connection: NatsConnection): Promise<AdminCredentialsStore> => {
  const bucket = await withDeadline(callMs, 'opening the credentials bucket', () =>
    connection.jetstream().views.kv(CREDENTIALS_BUCKET, { history: 1, storage: StorageType.File }),
  );
  const read = async (): Promise<AdminCredentialsAt> => {
    const entry = await withDeadline(callMs, 'reading the credentials', () => bucket.get(key));
    return entry === null ? { revision: 0, credentials: null } : at(entry);
  };
  return {
    read,
    async replace(next, basedOn) {
      try {
        const value = JSON.stringify(next);
        await withDeadline(callMs, 'storing the credentials', () =>
          basedOn === 0 ? bucket.create(key, value) : bucket.update(key, value, basedOn),
        );
        return true;
      } catch (error) {
        if (!isWrongSequence(error)) throw error;
        return (await read()).credentials?.changeId === next.changeId;
      }
    },
    watch: (take, signal) => follow(bucket, take, signal),
  };
};

const follow = async (
  bucket: KV,
  take: (changed: AdminCredentialsAt) => void,
  signal: AbortSignal,
): Promise<void> => {
  const watch = await withDeadline(callMs, 'watching the credentials', () => bucket.watch({ key }), signal);
  const stop = () => watch.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const entry of watch) take(at(entry));
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

const at = ({
  revision,
  value,
  operation,
}: {
  revision: number;
  value: Uint8Array;
  operation: string;
}): AdminCredentialsAt => ({ revision, credentials: operation === 'PUT' ? parse(value) : null });

/** A value that can't be read must lock everybody out rather than leave former credentials in force. */
const parse = (value: Uint8Array): AdminCredentials | null => {
  let stored: unknown;
  try {
    stored = JSON.parse(new TextDecoder().decode(value));
  } catch {
    return null;
  }
  return areCredentials(stored) ? stored : null;
};

const areCredentials = (stored: unknown): stored is AdminCredentials => {
  if (typeof stored !== 'object' || stored === null) return false;
  const { login, hash, changedAt } = stored as Record<string, unknown>;
  return [login, hash, changedAt].every((value) => typeof value === 'string' && value !== '');
};
