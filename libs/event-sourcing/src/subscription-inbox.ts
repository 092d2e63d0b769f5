import { errorName } from '@alfa-cloud/service-kit';
import {
  excludeSystemEvents,
  START,
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { decodeEvent } from './event-codec.ts';
import type { RecordedEvent } from './event-store.ts';

/** Events beyond one batch that wait in memory at most; the server waits beyond that. */
const readAhead = 1024;
/** For how long at most a batch is gathered while catching up. */
const gatherMs = 100;
/** Searches of the server, of 32 events each, between two checkpoints. */
const checkpointInterval = 32;
const confirmedWithinMs = 10_000;
/** Servers up to 24.10 may report "nothing considered yet" as 2^64-1; resuming from there would pass over everything. */
const positionLimit = 2n ** 63n;

/**
 * The buffer of one subscription to all events strictly after a position; the server leaves out its own system events.
 * The consumer pulls from it, so a slow one slows the server down instead of filling the memory.
 */
export class SubscriptionInbox {
  readonly #subscription: AllStreamSubscription;
  readonly #maxBatch: number;
  readonly #onUnknown: (error: unknown) => void;
  readonly #unconfirmed: NodeJS.Timeout;
  /** Checkpoints and the live marker (null) bypass the buffer; each applies once the events that were in the buffer before it have been taken. */
  readonly #marks: { after: number; position: bigint | null }[] = [];
  #position: bigint | null;
  #taken = 0;
  #live = false;
  #unreadable = false;
  #fault: { error: unknown } | null = null;
  #wake = (): void => undefined;

  constructor(
    client: EventStoreDBClient,
    from: bigint | null,
    options: { maxBatch: number; onUnknown: (error: unknown) => void },
  ) {
    this.#maxBatch = options.maxBatch;
    this.#onUnknown = options.onUnknown;
    this.#position = from;
    this.#subscription = client.subscribeToAll(
      {
        fromPosition: from === null ? START : { commit: from, prepare: from },
        filter: excludeSystemEvents({
          checkpointInterval,
          checkpointReached: (_, { commit }) => {
            if (commit < positionLimit) this.#mark(commit);
          },
        }),
      },
      { highWaterMark: options.maxBatch + readAhead },
    );
    this.#unconfirmed = globalThis.setTimeout(
      () => this.#break(new Error(`Subscription was not confirmed within ${confirmedWithinMs} ms`)),
      confirmedWithinMs,
    );
    this.#listen();
  }

  /** True once every event that was stored when the subscription began has been taken. */
  get isLive(): boolean {
    return this.#live;
  }

  /** A batch of events and the position they lead to; null when nothing new is there. */
  take(): { events: RecordedEvent[]; position: bigint } | null {
    const before = this.#position;
    const events: RecordedEvent[] = [];
    while (events.length < this.#maxBatch) {
      const event = this.#next();
      if (event === null) break;
      if (event !== 'unknown') events.push(event);
    }
    this.#passMarks();
    const position = this.#position;
    return position === null || position === before ? null : { events, position };
  }

  /** Resolves when there may be more to take. @throws what the subscription broke with; also an event in a newer shape than this code knows */
  async more(): Promise<void> {
    if (this.#fault !== null) throw this.#fault.error;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    // What has arrived together is taken as one batch; while catching up, a larger batch is worth a short wait.
    await setImmediate();
    for (const end = performance.now() + gatherMs; this.#mayGather() && performance.now() < end;) {
      await setTimeout(1);
    }
  }

  /** Ends the subscription. */
  close(): void {
    clearTimeout(this.#unconfirmed);
    this.#wake();
    // It may be broken already, and then there is nothing to end.
    this.#subscription.unsubscribe().catch(() => undefined);
  }

  #listen(): void {
    const subscription = this.#subscription;
    subscription.on('confirmation', () => clearTimeout(this.#unconfirmed));
    subscription.on('caughtUp', () => this.#mark(null));
    subscription.on('readable', () => this.#wake());
    // This listener stays: an error that comes after the end must not bring the process down.
    subscription.on('error', (error) => this.#break(error));
    subscription.on('end', () => this.#break(new Error('The event store ended the subscription')));
    subscription.on('close', () => this.#break(new Error('The connection to the event store was closed')));
  }

  #mark(position: bigint | null): void {
    this.#marks.push({ after: this.#taken + this.#subscription.readableLength, position });
    this.#wake();
  }

  #break(error: unknown): void {
    this.#fault ??= { error };
    this.#wake();
  }

  #mayGather(): boolean {
    const pastIsOver = this.#live || this.#marks.some(({ position }) => position === null);
    return !pastIsOver && this.#fault === null && this.#subscription.readableLength < this.#maxBatch;
  }

  #next(): RecordedEvent | 'unknown' | null {
    if (this.#unreadable) return null;
    const resolved = this.#subscription.read() as AllStreamResolvedEvent | null;
    if (resolved === null) return null;
    try {
      const event = decode(resolved.event, this.#onUnknown);
      this.#taken += 1;
      this.#position = resolved.event?.position.commit ?? this.#position;
      return event;
    } catch (error) {
      // No later event may be taken; the error is thrown once those before it have been.
      this.#unreadable = true;
      this.#break(error);
      return null;
    }
  }

  #passMarks(): void {
    for (
      let [first] = this.#marks;
      first !== undefined && first.after <= this.#taken;
      [first] = this.#marks
    ) {
      this.#marks.shift();
      if (first.position === null) this.#live = true;
      else if (this.#position === null || first.position > this.#position) this.#position = first.position;
    }
  }
}

const decode = (
  event: AllStreamRecordedEvent | undefined,
  onUnknown: (error: unknown) => void,
): RecordedEvent | 'unknown' => {
  if (event === undefined) throw new Error('The subscription delivered a link');
  try {
    const { streamId: stream, revision, position } = event;
    return decodeEvent(event, { stream, revision, position: position.commit });
  } catch (error) {
    if (errorName(error) !== 'UnknownEvent') throw error;
    onUnknown(error);
    return 'unknown';
  }
};
