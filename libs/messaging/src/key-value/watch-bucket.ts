import { backoffMs, sleep, withDeadline } from '@alfa-cloud/service-kit';
import type { KvEntry } from '@nats-io/kv';
import type { QueuedIterator } from '@nats-io/transport-node';
import type { Link } from '../connection/link.ts';

const startMs = 5000;
const readyMs = 10_000;

interface BucketWatch {
  /** The bucket's name. */
  name: string;
  start: () => Promise<QueuedIterator<KvEntry>>;
  onEntry: (entry: KvEntry) => void;
}

/**
 * Watches a bucket until the returned function is called or the connection is closed. A watch that fails is started again, and so is each one after a reconnect:
 * the client itself notices only after some seconds that the server has lost its watch.
 */
export const watchBucket = (link: Link, watch: BucketWatch): (() => void) => {
  const ended = new AbortController();
  void keepWatching(link, watch, ended.signal);
  return () => ended.abort();
};

const keepWatching = async (link: Link, watch: BucketWatch, ended: AbortSignal): Promise<void> => {
  for (let failures = 0; !ended.aborted && !link.connection.isClosed();) {
    const reconnected = new AbortController();
    try {
      await link.ready(readyMs, ended);
      const stopListening = link.onReady(() => reconnected.abort());
      try {
        await watchOnce(watch, AbortSignal.any([ended, reconnected.signal]), () => (failures = 0));
      } finally {
        stopListening();
      }
    } catch (error) {
      if (ended.aborted) return;
      failures += 1;
      if (!reconnected.signal.aborted)
        link.logger.warn({ err: error, bucket: watch.name }, 'A bucket is not watched at the moment');
    }
    await sleep(backoffMs(Math.min(failures + 1, 8), 100, 10_000), ended).catch(() => {});
  }
};

const watchOnce = async (watch: BucketWatch, signal: AbortSignal, onProgress: () => void): Promise<void> => {
  const what = `watching the bucket ${watch.name}`;
  const entries = await withDeadline(startMs, what, watch.start, signal);
  const stop = () => entries.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const entry of entries) {
      onProgress();
      watch.onEntry(entry);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
