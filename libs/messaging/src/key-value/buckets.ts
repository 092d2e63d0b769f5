import { errorMessage, withDeadline } from '@alfa-cloud/service-kit';
import { StorageType } from '@nats-io/jetstream';
import { Kvm, type KV, type KvEntry } from '@nats-io/kv';
import type { Link } from '../connection/link.ts';
import { MessagingUnavailable } from '../connection/messaging-unavailable.ts';
import { jetStream, refusalCode } from '../connection/nats-errors.ts';
import type { Bucket, BucketEntry, Buckets } from './bucket-ports.ts';
import { watchBucket } from './watch-bucket.ts';

const callMs = 5000;
/** For the names of all keys, of which there may be tens of thousands. */
const listMs = 30_000;

export const createBuckets = (link: Link): Buckets => ({
  async open(name) {
    const bucket = await callInTime(link, `opening the bucket ${name}`, callMs, () =>
      new Kvm(link.connection).create(name, { history: 1, storage: StorageType.File }),
    );
    return createBucket(link, name, bucket);
  },
});

const createBucket = (link: Link, name: string, bucket: KV): Bucket => {
  const call = <T>(verb: string, act: () => Promise<T>, deadlineMs = callMs): Promise<T> =>
    callInTime(link, `${verb} the bucket ${name}`, deadlineMs, act);
  const watch = (options: { key?: string; headers_only?: boolean }, onEntry: (entry: BucketEntry) => void) =>
    watchBucket(link, {
      name,
      start: () => bucket.watch(options),
      onEntry: (entry) => onEntry(toEntry(entry)),
    });
  return {
    async get(key) {
      const entry = await call('reading', () => bucket.get(key));
      return entry === null ? null : toEntry(entry);
    },
    create: (key, value) => unlessChanged(() => call('writing to', () => bucket.create(key, value))),
    update: (key, value, revision) =>
      unlessChanged(() => call('writing to', () => bucket.update(key, value, revision))),
    purge: (key) => call('purging', () => bucket.purge(key)),
    keys: () => call('listing', () => keysOf(bucket), listMs),
    watch: (key, onEntry) => watch({ key }, onEntry),
    watchRemovals: (onRemoved) =>
      watch({ headers_only: true }, ({ key, value }) => {
        if (value === null) onRemoved(key);
      }),
  };
};

const keysOf = async (bucket: KV): Promise<string[]> => {
  const keys: string[] = [];
  for await (const key of await bucket.keys()) keys.push(key);
  return keys;
};

const toEntry = (entry: KvEntry): BucketEntry => ({
  key: entry.key,
  revision: entry.revision,
  value: entry.operation === 'PUT' ? entry.string() : null,
});

/** @returns false when another writer was first */
const unlessChanged = async (write: () => Promise<unknown>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch (error) {
    if (refusalCode(error) === jetStream.wrongLastSequence) return false;
    throw error;
  }
};

/** Waits for the link and makes the call, both within the deadline. Refusals of JetStream are passed on as they are. */
const callInTime = async <T>(
  link: Link,
  what: string,
  deadlineMs: number,
  act: () => Promise<T>,
): Promise<T> => {
  try {
    return await withDeadline(deadlineMs, what, async (signal) => {
      await link.ready(deadlineMs, signal);
      return await link.attempt(act);
    });
  } catch (error) {
    if (refusalCode(error) !== undefined) throw error;
    throw new MessagingUnavailable(`NATS failed in ${what}: ${errorMessage(error)}`, { cause: error });
  }
};
