import {
  backoffMs,
  errorMessage,
  sleep,
  systemClock,
  type Clock,
  type Logger,
} from '@alfa-cloud/service-kit';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { RecordedEvent } from './event-store.ts';
import { readToEnd } from './read-to-end.ts';
import { SubscriptionInbox } from './subscription-inbox.ts';
import { isInvalidPosition } from './transient-errors.ts';

/** Events to project, and the position that they lead to. A batch may be empty: then only the position has moved. */
export interface ProjectionBatch {
  events: readonly RecordedEvent[];
  /** To be stored in the same transaction as what the events change. */
  checkpoint: bigint;
}

/** An event and its position, by which another event store (restored, or emptied) is recognised. */
export interface PlacedEvent {
  position: bigint;
  id: string;
}

export interface ProjectionOptions {
  client: EventStoreDBClient;
  /** The stored checkpoint; null = from the very first event. */
  fromPosition: bigint | null;
  /** The newest event among those projected. When the event store does not hold it there, nothing is projected any more. */
  newestEvent?: PlacedEvent | null;
  /**
   * Projects a batch; called with one at a time, in the order of all events.
   * When it throws, the same batch comes again after a pause, for as long as it takes: an event is never passed over.
   */
  handle: (batch: ProjectionBatch) => void | Promise<void>;
  logger: Logger;
  /** Most events in a batch. Default 500. */
  maxBatch?: number;
  /** Called each time the projection has caught up: at first, and after every interruption. */
  onCaughtUp?: () => void;
  /** Called for an event of an unknown type, which is skipped: another application wrote it, or a newer version of this one. */
  onUnknown?: (error: unknown) => void;
  /** Called when the event store does not hold {@link newestEvent}; the projection has ended. */
  onForeign?: () => void;
  clock?: Clock;
}

export interface ProjectionStatus {
  /** Everything up to here is handled; null = nothing yet. */
  position: bigint | null;
  /** True while connected and no stored event is known to be unhandled. */
  caughtUp: boolean;
  /** Age of the newest event handled, in milliseconds; 0 when caught up, null when not known. */
  behindMs: number | null;
  /** Why the newest attempt to subscribe or to handle failed; null once one has succeeded. */
  lastError: string | null;
  /** Times that the subscription broke. */
  interruptions: number;
  unknownEvents: number;
}

export interface Projection {
  /** Resolves when it has caught up for the first time. */
  readonly caughtUp: Promise<void>;
  status(): ProjectionStatus;
  /** Ends after the batch in hand. */
  stop(): Promise<void>;
}

const defaultMaxBatch = 500;
const answerWithinMs = 10_000;
const firstPauseMs = 100;
const maxPauseMs = 5000;

/**
 * Delivers all events after a checkpoint and then every new one, in batches and across interruptions: none is missed or out of order,
 * and none comes twice, provided that `handle` stores the checkpoint together with its effects.
 */
export const subscribeProjection = (options: ProjectionOptions): Projection => {
  const { clock = systemClock } = options;
  const follower = new Follower(options);
  const ended = follower.follow();
  return {
    caughtUp: follower.firstCaughtUp,
    status: () => follower.status(clock),
    async stop() {
      follower.stop();
      await ended;
    },
  };
};

class Follower {
  readonly #options: ProjectionOptions;
  readonly #maxBatch: number;
  readonly #stopping = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  #position: bigint | null;
  #newest: PlacedEvent | null;
  #newestAt: string | null = null;
  #caughtUp = false;
  #lastError: string | null = null;
  #failuresInARow = 0;
  #interruptions = 0;
  #unknownEvents = 0;

  constructor(options: ProjectionOptions) {
    this.#options = options;
    this.#maxBatch = options.maxBatch ?? defaultMaxBatch;
    this.#position = options.fromPosition;
    this.#newest = options.newestEvent ?? null;
  }

  get firstCaughtUp(): Promise<void> {
    return this.#first.promise;
  }

  status(clock: Clock): ProjectionStatus {
    const age = this.#newestAt === null ? null : clock().getTime() - Date.parse(this.#newestAt);
    return {
      position: this.#position,
      caughtUp: this.#caughtUp,
      behindMs: this.#caughtUp ? 0 : age,
      lastError: this.#lastError,
      interruptions: this.#interruptions,
      unknownEvents: this.#unknownEvents,
    };
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Subscribes again and again until stopped, or until the event store turns out to be another one. */
  async follow(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        if (this.#newest !== null && !(await holdsEvent(this.#options.client, this.#newest))) {
          this.#endAtForeign();
          return;
        }
        await this.#followOnce();
      } catch (error) {
        if (isInvalidPosition(error)) {
          this.#endAtForeign();
          return;
        }
        this.#interruptions += 1;
        await this.#failed(error, 'subscription to all events broke');
      }
    }
  }

  #endAtForeign(): void {
    this.#lastError = 'The event store does not hold the newest event that was projected: it is another one';
    this.#options.onForeign?.();
  }

  async #followOnce(): Promise<void> {
    const inbox = new SubscriptionInbox(this.#options.client, this.#position, {
      maxBatch: this.#maxBatch,
      onUnknown: (error) => {
        this.#unknownEvents += 1;
        this.#options.onUnknown?.(error);
      },
    });
    const close = () => inbox.close();
    this.#stopping.signal.addEventListener('abort', close, { once: true });
    try {
      while (!this.#stopping.signal.aborted) await this.#next(inbox);
    } finally {
      this.#stopping.signal.removeEventListener('abort', close);
      close();
    }
  }

  async #next(inbox: SubscriptionInbox): Promise<void> {
    const { onCaughtUp } = this.#options;
    const taken = inbox.take();
    if (taken !== null) {
      if (taken.events.length >= this.#maxBatch) this.#caughtUp = false;
      await this.#handle({ events: taken.events, checkpoint: taken.position });
      return;
    }
    if (inbox.isLive && !this.#caughtUp) {
      this.#succeeded();
      this.#caughtUp = true;
      this.#first.resolve();
      onCaughtUp?.();
    }
    await inbox.more();
  }

  async #handle(batch: ProjectionBatch): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#options.handle(batch);
        this.#succeeded();
        this.#advance(batch);
        return;
      } catch (error) {
        await this.#failed(error, 'batch of events could not be projected');
      }
    }
  }

  #advance({ events, checkpoint }: ProjectionBatch): void {
    this.#position = checkpoint;
    const newest = events.at(-1);
    if (newest === undefined) return;
    this.#newest = { position: newest.position, id: newest.id };
    this.#newestAt = newest.metadata.at;
  }

  #succeeded(): void {
    this.#failuresInARow = 0;
    this.#lastError = null;
  }

  async #failed(error: unknown, what: string): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return;
    this.#failuresInARow += 1;
    this.#caughtUp = false;
    this.#lastError = errorMessage(error);
    const position = String(this.#position);
    this.#options.logger.warn({ err: error, failuresInARow: this.#failuresInARow, position }, what);
    try {
      await sleep(backoffMs(this.#failuresInARow, firstPauseMs, maxPauseMs), signal);
    } catch {
      // Aborted by stop(); the loops look at the signal.
    }
  }
}

const holdsEvent = async (client: EventStoreDBClient, { position, id }: PlacedEvent): Promise<boolean> => {
  const fromPosition = { commit: position, prepare: position };
  try {
    const [found] = await readToEnd(client.readAll({ fromPosition, maxCount: 1 }), answerWithinMs);
    return found?.event?.id === id;
  } catch (error) {
    if (isInvalidPosition(error)) return false;
    throw error;
  }
};
