import type { Change, ChangesView } from '@alfa-cloud/contracts';
import { errorName, sleep } from '@alfa-cloud/service-kit';
import type { ServerResponse } from 'node:http';
import { type EventStream, openEventStream, toText } from '../http/event-stream.ts';
import { isPassing, type Nudges } from '../operations/operation-watch.ts';
import type { Observations } from './observations.ts';

export interface FeedTimes {
  /** Longest time between two looks, and so between two signs of life: each of them says that everything until now was told. */
  heartbeatMs: number;
  /** Shortest time between two looks: what changes again and again meanwhile is told once. */
  paceMs: number;
  /** After it the reader has to come back, with credentials that are still valid. */
  lifeMs: number;
  /** Longest time that a reader may take nothing. */
  drainMs: number;
}

export const feedTimes: FeedTimes = { heartbeatMs: 2000, paceMs: 250, lifeMs: 15 * 60_000, drainMs: 30_000 };

/** Looks that may fail one after the other before the stream ends; there is no sign of life meanwhile. */
const failuresMax = 3;
/** How long a reader that was cut off as too slow may still take what was written, ms. */
const lastWordMs = 5000;

export interface FeedStreamOptions {
  /** Listened to since before `first` was read, so that no change falls between; stopped when the stream ends. */
  nudges: Nudges;
  observations: Observations;
  /** The cursor that the reader came with. */
  after: string | null;
  /** What was read with it: faults have been answered as such. */
  first: ChangesView;
  read: (cursor: string) => Promise<ChangesView>;
  wants: (change: Change) => boolean;
  response: ServerResponse;
  /** Aborted when the reader has gone or the gateway stops. */
  signal: AbortSignal;
  times: FeedTimes;
}

/**
 * Writes what changes as server-sent events until the reader goes. Changes come only from pages read after the last cursor written, so nothing is
 * missing and nothing comes twice, whatever nudge is lost.
 */
export const streamFeed = async (options: FeedStreamOptions): Promise<void> => {
  const { response, signal, nudges, observations } = options;
  let place = options.after ?? options.first.cursor;
  const endWith = (reason: 'time' | 'slow' | 'unavailable'): void => {
    response.end(toText({ name: 'end', id: place, data: { reason } }));
  };
  try {
    endWith(await tell(options, (cursor) => (place = cursor)));
  } catch (error) {
    if (signal.aborted) return;
    if (errorName(error) !== 'SlowReader') throw error;
    endWith('slow');
    const cut = setTimeout(() => response.destroy(), lastWordMs);
    response.once('close', () => clearTimeout(cut));
  } finally {
    nudges.stop();
    observations.stop();
    response.end();
  }
};

/** @param onWrite told the cursor of what is about to be written: what waits for a slow reader comes before the last word. @returns why it ended */
const tell = async (
  options: FeedStreamOptions,
  onWrite: (cursor: string) => void,
): Promise<'time' | 'unavailable'> => {
  const { response, signal, nudges, read, after, times } = options;
  const { heartbeatMs, paceMs, lifeMs, drainMs } = times;
  const events = await openEventStream(response, signal, { heartbeatMs, drainMs });
  // Not all those that came at the same time come back at the same time.
  const end = performance.now() + lifeMs * (0.9 + Math.random() * 0.2);
  let page: ChangesView | null = options.first;
  let { cursor } = options.first;
  if (page.reset === null) {
    await events.send({
      name: 'open',
      id: after ?? cursor,
      data: { resumed: after !== null, heartbeatMs },
    });
  }
  for (let failures = 0; performance.now() < end;) {
    if (page !== null) {
      ({ cursor } = page);
      onWrite(cursor);
      await tellPage(events, page, options);
    }
    if (page?.more !== true) {
      await sleep(paceMs, signal);
      // A look that found nothing for this reader gives no sign of life: the next one comes when that is due. After one that failed there is none.
      const dueMs = failures > 0 ? heartbeatMs - paceMs : Math.max(0, heartbeatMs - events.quietMs());
      await nudges.next(dueMs, signal);
    }
    try {
      page = await read(cursor);
      failures = 0;
      await events.keepAlive(cursor);
    } catch (error) {
      if (!isPassing(error)) throw error;
      failures += 1;
      if (failures >= failuresMax) return 'unavailable';
      page = null;
    }
  }
  return 'time';
};

const tellPage = async (
  events: EventStream,
  { cursor: id, reset, changes }: ChangesView,
  { wants, observations }: FeedStreamOptions,
): Promise<void> => {
  if (reset !== null) await events.send({ name: 'reset', id, data: { reason: reset } });
  const wanted = changes.filter(wants);
  if (wanted.length > 0) await events.send({ name: 'changes', id, data: { changes: wanted } });
  const seen = observations.take();
  if (seen.length > 0) await events.send({ name: 'observed', id, data: { observed: seen } });
};
