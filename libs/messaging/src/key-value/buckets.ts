import { errorMessage, withDeadline } from '@alfa-cloud/service-kit';
import { StorageType } from '@nats-io/jetstream';
import { Kvm, type KV, type KvEntry } from '@nats-io/kv';
import type { Link } from '../connection/link.ts';
import { MessagingUnavailable } from '../connection/messaging-unavailable.ts';
import { jetStream, refusalCode } from '../connection/nats-errors.ts';
import type { Bucket, BucketEntry, Buckets } from './bucket-ports.ts';
import { watchBucket } from './watch-bucket.ts';

const callMs = 5000;
/** Within it, after which the bucket is looked for. */
const tryMs = 2000;
const lookMs = 3000;
/** Keys of which the newest revision is remembered. */
const readMax = 20_000;
/** For the names of all keys, of which there may be tens of thousands. */
const listMs = 30_000;

export const createBuckets = (link: Link): Buckets => ({
  async open(name) {
    const made = await callInTime(link, `opening the bucket ${name}`, callMs, () => make(link, name));
    return createBucket(link, name, made);
  },
});

/** @returns `born`: its creation time, which changes when NATS has lost it and it is made again */
const make = async (link: Link, name: string): Promise<{ bucket: KV; born: string }> => {
  const bucket = await new Kvm(link.connection).create(name, { history: 1, storage: StorageType.File });
  return { bucket, born: (await bucket.status()).streamInfo.created };
};

const createBucket = (
  link: Link,
  name: string,
  { bucket, born: firstBorn }: { bucket: KV; born: string },
): Bucket => {
  const lost = new Set<() => void>();
  let born = firstBorn;
  /** Newest revision that was read of each key. */
  const read = new Map<string, number>();
  /** Makes it again if it is not there. @returns whether it is another one than before, which is told */
  const makeAgain = async (): Promise<boolean> => {
    const again = await make(link, name);
    if (again.born === born) return false;
    born = again.born;
    read.clear();
    link.logger.error(
      { bucket: name },
      'NATS has lost a bucket and all that it held; it was made again, empty',
    );
    for (const listener of lost) listener();
    return true;
  };
  /** The look for the bucket after the newest reconnect. */
  let looking: Promise<unknown> = Promise.resolve();
  link.onReady(() => {
    looking = callInTime(link, `looking for the bucket ${name}`, lookMs, makeAgain).catch((error: unknown) =>
      link.logger.warn({ err: error, bucket: name }, 'Whether NATS still has a bucket is not known'),
    );
  });
  const call = <T>(verb: string, act: () => Promise<T>, deadlineMs = callMs): Promise<T> =>
    callInTime(link, `${verb} the bucket ${name}`, deadlineMs, async () => {
      await looking;
      try {
        // NATS does not answer a call on a bucket that is not there: it does not refuse it either.
        return await withDeadline(
          deadlineMs === callMs ? tryMs : deadlineMs,
          `${verb} the bucket ${name}`,
          act,
        );
      } catch (error) {
        const isAnswered =
          refusalCode(error) !== undefined && refusalCode(error) !== jetStream.streamNotFound;
        if (isAnswered || !(await makeAgain())) throw error;
        return act();
      }
    });
  const watch = (options: { key?: string; headers_only?: boolean }, onEntry: (entry: BucketEntry) => void) =>
    watchBucket(link, {
      name,
      // Another process may have made it again.
      start: async () => {
        await makeAgain();
        return bucket.watch(options);
      },
      onEntry: (entry) => onEntry(toEntry(entry)),
    });
  return {
    async get(key) {
      const entry = await call('reading', () => bucket.get(key));
      const revision = entry?.revision ?? 0;
      // Another process may have made it again: revisions begin anew then.
      if (revision < (read.get(key) ?? 0)) await call('looking for', makeAgain);
      if (read.size >= readMax) read.clear();
      read.set(key, revision);
      return entry === null ? null : toEntry(entry);
    },
    create: (key, value) => unlessChanged(() => call('writing to', () => bucket.create(key, value))),
    update: (key, value, revision) =>
      unlessChanged(() => call('writing to', () => bucket.update(key, value, revision))),
    purge: (key) => call('purging', () => bucket.purge(key)),
    keys: () => call('listing', () => keysOf(bucket), listMs),
    onLost: (listener) => void lost.add(listener),
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
