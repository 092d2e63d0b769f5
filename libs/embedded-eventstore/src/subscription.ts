import { randomUUID } from 'node:crypto';
import type { Considered } from './all-pages.ts';
import { encodeEvent } from './event-encoding.ts';
import { resolveLink } from './link.ts';
import type { LogStore } from './log-store.ts';
import { caughtUpMessage, checkpointMessage, confirmationMessage } from './read-messages.ts';
import type { ResponseStream } from './response-stream.ts';
import type { SubscriptionSource } from './subscription-source.ts';
import type { UuidForm } from './uuid.ts';

export interface SubscriptionOptions {
  readonly resolveLinks: boolean;
  readonly uuidForm: UuidForm;
  /** Events considered between two checkpoints; absent for subscriptions that get none. */
  readonly checkpointInterval: number | undefined;
}

/**
 * Feeds a subscriber until it leaves. There are two phases and one loop: it reads page after page from its own place in the log
 * (catching up), says so when nothing is left, and then waits for commits before each further page (live). One that falls more
 * than a page behind is catching up again. There is no buffer that could overflow and no hand-over in which an event could slip
 * through.
 */
export async function subscribe(
  log: LogStore,
  source: SubscriptionSource,
  options: SubscriptionOptions,
  responses: ResponseStream,
): Promise<void> {
  await responses.send(confirmationMessage(randomUUID()));
  const deliver = createDelivery(log, options, responses);
  let place = source.start;
  let live = false;
  for (;;) {
    const page = source.readAfter(place, live);
    for (const item of page.items) {
      const full = deliver.event(item);
      if (full !== undefined) await full;
    }
    place = page.end;
    if (page.more) {
      live = false;
      await responses.pause();
      continue;
    }
    if (!live) {
      live = true;
      await deliver.caughtUp(place);
      continue;
    }
    if (page.items.length === 0) await source.changed(responses.signal);
    responses.signal.throwIfAborted();
  }
}

function createDelivery(
  log: LogStore,
  { resolveLinks, uuidForm, checkpointInterval }: SubscriptionOptions,
  responses: ResponseStream,
) {
  let consideredSinceCheckpoint = 0;
  let lastCheckpoint = -1;

  /** Sends nothing unless the checkpoint has moved forward. */
  function checkpoint(position: number): Promise<void> | undefined {
    consideredSinceCheckpoint = 0;
    if (position <= lastCheckpoint) return undefined;
    lastCheckpoint = position;
    return responses.send(checkpointMessage(position));
  }

  return {
    /** Returns a promise only when the caller has to wait. */
    event({ at, event: original }: Considered): Promise<void> | undefined {
      let full: Promise<void> | undefined;
      if (original !== undefined) {
        const event = resolveLinks ? resolveLink(log, original) : { original };
        full = responses.send(encodeEvent(event, uuidForm));
      }
      if (checkpointInterval === undefined) return full;
      consideredSinceCheckpoint += 1;
      if (consideredSinceCheckpoint < checkpointInterval) return full;
      // Both wait for the same drain: the later promise is the one to wait for.
      return checkpoint(at) ?? full;
    },

    async caughtUp(place: number): Promise<void> {
      // After a start beyond the end no event has been considered, and a checkpoint would claim that one was.
      if (checkpointInterval !== undefined && place <= log.head) await checkpoint(place);
      await responses.send(caughtUpMessage());
    },
  };
}
