import { isCloudServerError } from '@alfa-cloud/cloud-server';
import { errorMessage, errorName, Semaphore, withDeadline, type Logger } from '@alfa-cloud/service-kit';

export interface WorkQueueOptions<Item extends { id: string }> {
  /** Name of the item's id in the log. */
  idName: 'backupId' | 'clientId' | 'serverId';
  /** Logged with the reason when work on an item fails. */
  failure: string;
  /** Items at work at the same time. */
  parallel: number;
  /** @param isQueuedAgain whether the item was added once more since this work on it began */
  work: (item: Item, signal: AbortSignal, isQueuedAgain: () => boolean) => Promise<void>;
  /** Ends all work. */
  signal: AbortSignal;
  logger: Logger;
}

export interface WorkQueue<Item> {
  /**
   * Works on the item when there is room. An item that is added while it is at work is worked on once more afterwards.
   * Never rejects: a failure is logged and answered with false.
   */
  add: (item: Item) => Promise<boolean>;
  /** Resolves when nothing is at work. */
  idle: () => Promise<void>;
}

interface Entry<Item> {
  newest: Item;
  isQueued: boolean;
  working?: Promise<void>;
  done: Promise<boolean>;
}

/** Longest work on one item, ms: a call that never answers must not hold its place for ever. */
const deadlineMs = 600_000;

/** As the work queue of a Kubernetes controller: an item is never at work twice at the same time. */
export const createWorkQueue = <Item extends { id: string }>({
  idName,
  failure,
  parallel,
  work,
  signal,
  logger,
}: WorkQueueOptions<Item>): WorkQueue<Item> => {
  const slots = new Semaphore(parallel);
  const entries = new Map<string, Entry<Item>>();

  const workOn = (entry: Entry<Item>): Promise<void> => {
    entry.isQueued = false;
    const item = entry.newest;
    const act = (inTime: AbortSignal) => (entry.working = work(item, inTime, () => entry.isQueued));
    return withDeadline(deadlineMs, `Work on ${item.id}`, act, signal);
  };
  const attempt = async (id: string, entry: Entry<Item>): Promise<boolean> => {
    try {
      await slots.run(() => workOn(entry), signal);
      return true;
    } catch (error) {
      // What was begun may have to be put back before the connections are closed.
      if (signal.aborted) await entry.working?.catch(() => undefined);
      else
        logger[isTransient(error) ? 'debug' : 'warn']({ [idName]: id, reason: errorMessage(error) }, failure);
      return false;
    }
  };
  const run = async (id: string, entry: Entry<Item>): Promise<boolean> => {
    let isDone = false;
    while (entry.isQueued && !signal.aborted) isDone = await attempt(id, entry);
    entries.delete(id);
    return isDone;
  };
  return {
    add(item) {
      const known = entries.get(item.id);
      if (known !== undefined) {
        Object.assign(known, { newest: item, isQueued: true });
        return known.done;
      }
      const entry: Entry<Item> = { newest: item, isQueued: true, done: Promise.resolve(false) };
      entries.set(item.id, entry);
      entry.done = run(item.id, entry);
      return entry.done;
    },
    idle: async () => void (await Promise.all([...entries.values()].map(({ done }) => done))),
  };
};

/** A server that is away for now, which the availability of its clients tells already. */
export const isTransient = (error: unknown): boolean =>
  (isCloudServerError(error) || errorName(error) === 'StepFailure') &&
  (error as { kind: string }).kind === 'transient';
