import type { Logger } from '@alfa-cloud/service-kit';
import { createBackoff } from './backoff.ts';
import { createPeriodicTask, type PeriodicTask } from './periodic-task.ts';
import { createWorkQueue, type WorkQueueOptions } from './work-queue.ts';

/**
 * What makes one reconciler: the read models choose, the events decide, and what differs is written. As each item is decided by the newest
 * events and only differences are written, several replicas do no harm.
 */
export interface ReconcilerOptions<Item extends { id: string }> extends Pick<
  WorkQueueOptions<Item>,
  'idName' | 'parallel'
> {
  /** For the log: `pages`. */
  name: string;
  /** From the begin of a round to the begin of the next, ms. */
  everyMs: number;
  /**
   * Items of a round by the read models, which may be behind. The next one is asked for only when there is room for it, so that with
   * `parallel: 1` it can depend on what became of the one before.
   */
  choose: (signal: AbortSignal) => AsyncIterable<Item>;
  /** Decides by the events and writes what differs. A failure concerns this item alone. */
  reconcile: (item: Item, signal: AbortSignal) => Promise<void>;
  logger: Logger;
}

export interface Reconciler<Item> extends PeriodicTask {
  /** One round now. Rejects when the items can't be chosen. */
  runOnce: () => Promise<void>;
  /** Reconciles one item now, whatever the rounds do. Never rejects. */
  soon: (item: Item) => Promise<void>;
  /** Aborted when the reconciler stops. */
  signal: AbortSignal;
}

export const createReconciler = <Item extends { id: string }>(
  options: ReconcilerOptions<Item>,
): Reconciler<Item> => {
  const { name, everyMs, parallel, choose, reconcile, logger } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  const failure = `${name} not reconciled`;
  const queue = createWorkQueue({ ...options, failure, work: reconcile, signal });
  const backoff = createBackoff(everyMs);

  const runOnce = async (): Promise<void> => {
    const atWork = new Set<Promise<void>>();
    backoff.beginRound();
    try {
      for await (const item of choose(signal)) {
        if (backoff.sitsOut(item.id)) continue;
        const work = queue.add(item).then((isDone) => {
          backoff.record(item.id, isDone);
          atWork.delete(work);
        });
        atWork.add(work);
        if (atWork.size >= parallel) await Promise.race(atWork);
      }
    } finally {
      await Promise.all(atWork);
    }
  };
  const task = createPeriodicTask({ failure, everyMs, run: runOnce, logger });
  return {
    ...task,
    runOnce,
    soon: async (item) => void (await queue.add(item)),
    signal,
    async stop() {
      stopped.abort(new Error('The service stops'));
      await task.stop();
      await queue.idle();
    },
  };
};
