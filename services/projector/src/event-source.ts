import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { Checkpoint } from './read-models/tables.ts';

/** A subscription to all events that goes on by itself after every interruption. */
export interface EventSubscription {
  /** No batch is begun after this; resolves when the one in hand has ended. */
  stop(): Promise<void>;
}

/** Where the projector gets the events from. */
export interface EventSource {
  subscribe(options: {
    /** The last event seen; null to begin with the first of all. */
    checkpoint: Checkpoint | null;
    /** Events in their order, one batch at a time; the next is given when the promise resolves. */
    onBatch: (events: readonly RecordedEvent[]) => Promise<void>;
    /** All that was stored has been given; from here on events come as they are written. Also after each interruption. */
    onCaughtUp: () => void;
    /** An event of a type that this version does not know was left out: a newer version may have written it. */
    onUnknown: (error: unknown) => void;
    /** The event store does not hold the event of the checkpoint: the read models belong to another one. */
    onForeign: () => void;
    /** The connection broke; it is being made again. */
    onInterrupted: (error: unknown) => void;
  }): EventSubscription;
}
