import { CREDENTIALS_BUCKET } from '@alfa-cloud/contracts';
import type { BucketEntry, Buckets } from '@alfa-cloud/messaging';

const key = 'admin';

/** As they stand in the bucket. */
export interface AdminCredentials {
  login: string;
  /** Made by `hashPassword`. */
  hash: string;
  changedAt: string;
  /** Id of the change that stored them, by which a change repeated after a crash is recognised. */
  changeId?: string;
}

/** The credentials valid at a revision; null when there are none, or none that can be read. */
export interface AdminCredentialsAt {
  revision: number;
  credentials: AdminCredentials | null;
}

/** The administrator's credentials, one value for all gateways. Every call has a deadline of 5 s. */
export interface AdminCredentialsStore {
  /** The credentials valid now. Revision 0 when there never were any. */
  read(): Promise<AdminCredentialsAt>;
  /**
   * Replaces the credentials of the given revision. Idempotent: a change that was stored before is recognised by its id.
   * @returns false when they have been changed since that revision
   */
  replace(next: AdminCredentials & { changeId: string }, basedOn: number): Promise<boolean>;
  /** Calls back with the credentials valid now and with every change; resumes after an outage. @returns a function that ends it */
  watch(onChange: (changed: AdminCredentialsAt) => void): () => void;
  /** Calls back when they were lost with their bucket: revisions begin anew. */
  onLost(listener: () => void): void;
}

/** The credentials in the bucket {@link CREDENTIALS_BUCKET}, which is created when it does not exist. It keeps one value and no history. */
export const openAdminCredentials = async (buckets: Buckets): Promise<AdminCredentialsStore> => {
  const bucket = await buckets.open(CREDENTIALS_BUCKET);
  const read = async (): Promise<AdminCredentialsAt> => {
    const entry = await bucket.get(key);
    return entry === null ? { revision: 0, credentials: null } : toCredentials(entry);
  };
  return {
    read,
    async replace(next, basedOn) {
      const value = JSON.stringify(next);
      const isStored = await (basedOn === 0 ? bucket.create(key, value) : bucket.update(key, value, basedOn));
      return isStored || (await read()).credentials?.changeId === next.changeId;
    },
    onLost: (listener) => bucket.onLost(listener),
    watch: (onChange) => bucket.watch(key, (entry) => onChange(toCredentials(entry))),
  };
};

const toCredentials = ({ revision, value }: BucketEntry): AdminCredentialsAt => ({
  revision,
  credentials: value === null ? null : parse(value),
});

/** A value that can't be read has to lock everybody out, rather than leave former credentials valid. */
const parse = (value: string): AdminCredentials | null => {
  let stored: unknown;
  try {
    stored = JSON.parse(value);
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
