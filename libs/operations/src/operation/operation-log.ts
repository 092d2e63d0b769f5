import { deriveId, newId, streams, type OperationEvent } from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';
import { WrongRevision, type Cause, type EventStore, type RecordedEvent } from '@alfa-cloud/event-sourcing';
import type { OperationEnd } from './operation.ts';
import {
  evolveOperation,
  foldOperation,
  type OpenOperation,
  type OperationState,
} from './operation-state.ts';

/** Another worker has claimed the operation since: this one has stopped and must not touch it again. */
export class OperationLost extends Error {
  override name = 'OperationLost';
  constructor(operationId: string) {
    super(`Operation ${operationId} is in the hands of another worker`);
  }
}

/** Tries of one append while others (cancel requests, or the former owner until the claim) write to the stream too. */
const maxTries = 20;

/**
 * One worker's access to the stream of an operation: appends one after the other, each at the exact revision, and keeps the folded state.
 * The exact revision is the fence: after another worker's claim the next append fails, and this one stops.
 */
export class OperationLog {
  readonly #store: EventStore;
  readonly #operationId: string;
  readonly #cause: Cause;
  /** In every event id, since two workers that append at one revision must never be taken for one that repeats itself. */
  readonly #run = newId();
  readonly #over = new AbortController();
  #state: OperationState;
  #revision: bigint;
  #claimed = false;
  #appends = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    options: { store: EventStore; operationId: string; cause: Cause },
    state: OperationState,
    revision: bigint,
  ) {
    this.#store = options.store;
    this.#operationId = options.operationId;
    this.#cause = options.cause;
    this.#state = state;
    this.#revision = revision;
  }

  /** @throws Error when the operation was never accepted · EventStoreUnavailable */
  static async open(options: {
    store: EventStore;
    operationId: string;
    cause: Cause;
  }): Promise<OperationLog> {
    const { events, revision } = await options.store.read<OperationEvent>(
      streams.operation(options.operationId),
    );
    if (revision === null) throw new Error(`Operation ${options.operationId} was never accepted`);
    return new OperationLog(options, foldOperation(events), revision);
  }

  /** How the operation ended; null while it has not. */
  get end(): OperationEnd | null {
    return this.#state.status === 'ended' ? this.#state.end : null;
  }

  /** The state of an operation known not to have ended. */
  get operation(): OpenOperation {
    if (this.#state.status !== 'open')
      throw new Error(`Operation ${this.#operationId} is ${this.#state.status}`);
    return this.#state;
  }

  /** Aborted when this worker can't go on: the operation is lost, or an append failed. Its reason is the error to throw. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Ends this worker's part; nothing is appended any more. The first reason counts. */
  giveUp(reason: Error): void {
    this.#over.abort(reason);
  }

  /**
   * Makes this worker the owner.
   * @throws OperationLost when another one claims at the same moment and is first, or the operation ends
   */
  async claim(worker: string): Promise<void> {
    await this.append({ type: 'OperationClaimed', data: { operationId: this.#operationId, worker } });
    this.#claimed = true;
  }

  /** @throws OperationLost · EventStoreUnavailable. After any failure the log is {@link over}: what was written is not known. */
  append(event: OperationEvent): Promise<void> {
    return this.#inTurn(async () => {
      for (let tries = 0; tries < maxTries; tries += 1) if (await this.#tryAppend(event)) return;
      const busy = new WrongRevision(streams.operation(this.#operationId));
      this.giveUp(busy);
      throw busy;
    });
  }

  /**
   * Appends what was decided from the state as it is known here.
   * @returns false when somebody has written meanwhile: then nothing was appended, and it is to be decided anew
   * @throws as {@link append}
   */
  appendIfUnmoved(event: OperationEvent): Promise<boolean> {
    return this.#inTurn(() => this.#tryAppend(event));
  }

  /** Looks for what others have written: a cancel request, or a claim. @throws OperationLost · EventStoreUnavailable */
  refresh(): Promise<void> {
    return this.#inTurn(() => this.#catchUp());
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      this.over.throwIfAborted();
      return act();
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #tryAppend(event: OperationEvent): Promise<boolean> {
    this.#appends += 1;
    const id = deriveId(this.#operationId, this.#run, this.#appends);
    try {
      const { revision } = await this.#store.append(streams.operation(this.#operationId), [{ id, event }], {
        expectedRevision: this.#revision,
        cause: this.#cause,
      });
      this.#revision = revision;
      this.#state = evolveOperation(this.#state, event);
      return true;
    } catch (error) {
      if (errorName(error) !== 'WrongRevision') {
        this.giveUp(error instanceof Error ? error : new Error('Append failed', { cause: error }));
        throw error;
      }
    }
    await this.#catchUp();
    return false;
  }

  async #catchUp(): Promise<void> {
    const { events, revision } = await this.#store.read<OperationEvent>(
      streams.operation(this.#operationId),
      {
        fromRevision: this.#revision + 1n,
      },
    );
    if (revision === null) return;
    this.#revision = revision;
    this.#state = events.reduce<OperationState>(evolveOperation, this.#state);
    if (this.#state.status === 'ended' || events.some((event) => this.#showsAnotherOwner(event))) {
      const lost = new OperationLost(this.#operationId);
      this.giveUp(lost);
      throw lost;
    }
  }

  /** Until the claim the former owner may still be writing; that is what the claim ends. */
  #showsAnotherOwner({ type }: RecordedEvent<OperationEvent>): boolean {
    return type === 'OperationClaimed' || (this.#claimed && type !== 'OperationCancelRequested');
  }
}
