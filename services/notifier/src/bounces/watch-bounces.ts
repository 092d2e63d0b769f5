import type { EventStore } from '@alfa-cloud/event-sourcing';
import { errorMessage, type Clock, type Logger } from '@alfa-cloud/service-kit';
import { pauseAfterMs } from '../outbox/pauses.ts';
import type { Mailbox, Place } from './mailbox.ts';
import { takeReport } from './take-report.ts';

export interface WatchBouncesDeps {
  store: EventStore;
  mailbox: Mailbox;
  clock: Clock;
  logger: Logger;
}

/** How far back a process that has just begun reads. What was taken before is recognised. */
const backMs = 14 * 24 * 60 * 60 * 1000;

/**
 * Looks into the mailbox for returned mail, from where the last look ended. Any number of processes may do so. A mailbox that can't be read is
 * told of in the log and tried again after a minute, two, four and then five.
 * @param options.everyMs from the end of one look to the next
 */
export const watchBounces = (
  { store, mailbox, clock, logger }: WatchBouncesDeps,
  { everyMs }: { everyMs: number },
): ((signal: AbortSignal) => Promise<void>) => {
  let after: Place | null = null;
  let failures = 0;
  let nextAt = 0;
  return async (signal) => {
    if (clock().getTime() < nextAt) return;
    try {
      await mailbox.read({
        after,
        since: new Date(clock().getTime() - backMs),
        take: (source) => takeReport({ store, logger }, source),
        taken: (place) => void (after = place),
        signal,
      });
      if (failures > 0) logger.info('the mailbox for returned mail can be read again');
      failures = 0;
      nextAt = clock().getTime() + everyMs;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      nextAt = clock().getTime() + pauseAfterMs(failures, true);
      logger.warn({ reason: errorMessage(error), failures }, 'the mailbox for returned mail can not be read');
    }
  };
};
