import { errorName } from '@alfa-cloud/service-kit';
import {
  excludeSystemEvents,
  START,
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';
import { setImmediate } from 'node:timers/promises';
import { decodeEvent } from './event-codec.ts';
import type { RecordedEvent } from './event-store.ts';

/** What one subscription has delivered and nobody has taken yet. */
export interface Inbox {
  /** Up to `max` events and the position they lead to; null when nothing new is there. */
  take(max: number): { events: RecordedEvent[]; position: bigint } | null;
  /** True once all that was stored at the beginning has been taken. */
  isLive(): boolean;
  /** Resolves when there may be more to take. @throws what the subscription broke with; also an event in a newer shape than this code knows */
  more(): Promise<void>;
  close: () => void;
}

/** Events that wait in memory at most; the server waits beyond that. */
const readAhead = 1024;
/** Events passed over by the server's filter between two checkpoints. */
const checkpointInterval = 32;
const confirmedWithinMs = 10_000;
/** Servers up to 24.10 may report "nothing considered yet" as 2^64-1; resuming from there would pass over everything. */
const positionLimit = 2n ** 63n;

/**
 * Subscribes to all events strictly after a position; the system's own are filtered out by the server.
 * The inbox is pulled from, so a slow reader slows the server down instead of filling the memory.
 */
export const openInbox = (
  client: EventStoreDBClient,
  from: bigint | null,
  hooks: { onConfirmed: () => void; onUnknown: (error: unknown) => void },
): Inbox => {
  let taken = 0;
  let position = from;
  let broken: { error: unknown } | null = null;
  let wake = (): void => undefined;
  /** Checkpoints and caught-up messages overtake the events in the buffer; each counts once the events before it are taken. */
  const marks: { after: number; position: bigint | null }[] = [];
  let live = false;

  const mark = (position: bigint | null): void => {
    marks.push({ after: taken + subscription.readableLength, position });
    wake();
  };
  const breakWith = (error: unknown): void => {
    broken ??= { error };
    wake();
  };
  const checkpointReached = (_: unknown, { commit }: Position): void => {
    if (commit < positionLimit) mark(commit);
  };
  const subscription = client.subscribeToAll(
    {
      fromPosition: from === null ? START : { commit: from, prepare: from },
      filter: excludeSystemEvents({ checkpointInterval, checkpointReached }),
    },
    { highWaterMark: readAhead },
  );
  const unconfirmed = setTimeout(
    () => breakWith(new Error(`Subscription was not confirmed within ${confirmedWithinMs} ms`)),
    confirmedWithinMs,
  );
  subscription.on('confirmation', () => {
    clearTimeout(unconfirmed);
    hooks.onConfirmed();
  });
  subscription.on('caughtUp', () => mark(null));
  subscription.on('readable', () => wake());
  // This listener stays: an error that comes after the end must not bring the process down.
  subscription.on('error', breakWith);
  subscription.on('end', () => breakWith(new Error('The event store ended the subscription')));
  subscription.on('close', () => breakWith(new Error('The connection to the event store was closed')));

  const next = (): RecordedEvent | 'unknown' | null => {
    const resolved = subscription.read() as AllStreamResolvedEvent | null;
    if (resolved === null) return null;
    const { event } = resolved;
    if (event === undefined) throw new Error('The subscription delivered a link');
    const decoded = decode(event, hooks.onUnknown);
    taken += 1;
    position = event.position.commit;
    return decoded;
  };

  const passMarks = (): void => {
    for (let [first] = marks; first !== undefined && first.after <= taken; [first] = marks) {
      marks.shift();
      if (first.position === null) live = true;
      else if (position === null || first.position > position) position = first.position;
    }
  };

  return {
    take(max) {
      const before = position;
      const events: RecordedEvent[] = [];
      try {
        for (let event = next(); event !== null; event = next()) {
          if (event !== 'unknown') events.push(event);
          if (events.length >= max) break;
        }
      } catch (error) {
        // What stands before the unreadable event is still given out; the error follows when nothing else is left.
        breakWith(error);
        subscription.destroy();
      }
      passMarks();
      return position === null || position === before ? null : { events, position };
    },
    isLive: () => live,
    async more() {
      if (broken !== null) throw broken.error;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      // One turn of the event loop lets everything that has arrived together be taken together.
      await setImmediate();
    },
    close() {
      clearTimeout(unconfirmed);
      wake();
      // It may be broken already, and then there is nothing to end.
      subscription.unsubscribe().catch(() => undefined);
    },
  };
};

const decode = (
  event: AllStreamRecordedEvent,
  onUnknown: (error: unknown) => void,
): RecordedEvent | 'unknown' => {
  try {
    const { streamId: stream, revision, position } = event;
    return decodeEvent(event, { stream, revision, position: position.commit });
  } catch (error) {
    if (errorName(error) !== 'UnknownEvent') throw error;
    onUnknown(error);
    return 'unknown';
  }
};
