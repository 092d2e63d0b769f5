import type sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { appendEvents } from './append-events.ts';
import type { BatchFailure } from './batch-messages.ts';
import { batchError, batchSuccess, toFailure } from './batch-messages.ts';
import type { BatchRequest } from './batch-request.ts';
import { readBatchRequest } from './batch-request.ts';
import { invalidArgument, serverNotReady, toStatusError, unhandled } from './errors.ts';
import type { StatusError } from './errors.ts';
import type { GroupCommit } from './group-commit.ts';
import type { PendingAppend } from './pending-append.ts';
import { pendingAppend, targetOf, waitMsOf } from './pending-append.ts';
import { readProposedEvent } from './proposed.ts';
import { ZERO_UUID, inStructuredForm, uuidFromWire } from './uuid.ts';

/** Delivers requests still encoded, see `streams-service.ts`. */
type Call = ServerDuplexStream<Buffer, streamsPb.BatchAppendResp>;

/** Events read between two turns of the event loop. */
const EVENTS_A_TURN = 2000;

/**
 * Serves one BatchAppend call: appends arrive in parts, told apart by correlation id, and each is answered exactly once, in the
 * order in which they are done.
 */
export class BatchAppendCall {
  readonly #call: Call;
  readonly #commits: GroupCommit;
  readonly #maxAppendBytes: number;
  readonly #pending = new Map<string, PendingAppend>();
  #busy = 0;
  #holds = 0;
  #draining = false;
  #halfClosed = false;
  #failed = false;

  constructor(call: Call, commits: GroupCommit, maxAppendBytes: number) {
    this.#call = call;
    this.#commits = commits;
    this.#maxAppendBytes = maxAppendBytes;
  }

  /** Takes what the client sends until it half-closes, then answers what is left and ends the call. */
  serve(stopping: AbortSignal): void {
    const call = this.#call;
    const stop = (): void => this.#fail(serverNotReady());
    stopping.addEventListener('abort', stop);
    call.on('data', (bytes: Buffer) => {
      try {
        if (!this.#failed) this.#receive(readBatchRequest(bytes));
      } catch (error) {
        this.#fail(toStatusError(error));
      }
    });
    call.on('end', () => {
      this.#halfClosed = true;
      this.#forgetAll();
      this.#endIfDone();
    });
    call.on('cancelled', () => this.#forgetAll());
    call.on('close', () => stopping.removeEventListener('abort', stop));
  }

  #receive(request: BatchRequest): void {
    const { correlationId, options } = request;
    let id: string;
    try {
      id = uuidFromWire(correlationId);
      if (id === ZERO_UUID) throw invalidArgument('A correlation id is required.');
    } catch (error) {
      if (options === undefined) throw unhandled();
      this.#answer(batchError(toFailure(error, this.#maxAppendBytes), options), correlationId, options);
      return;
    }
    const pending = this.#pending.get(id) ?? this.#start(id, correlationId, options);
    // Parts of an append that was answered already.
    if (pending === undefined) return;
    if (request.events.length <= EVENTS_A_TURN) this.#take(id, pending, request, 0, request.events.length);
    else void this.#takeBitByBit(id, pending, request);
  }

  #start(
    id: string,
    correlationId: sharedPb.UUID | undefined,
    options: PendingAppend['options'] | undefined,
  ): PendingAppend | undefined {
    if (options === undefined) return undefined;
    const pending = pendingAppend(correlationId, options, this.#commits, this.#maxAppendBytes);
    this.#pending.set(id, pending);
    try {
      targetOf(options);
    } catch (error) {
      this.#refuse(id, pending, toFailure(error, this.#maxAppendBytes));
      return undefined;
    }
    const waitMs = waitMsOf(options);
    if (waitMs <= 0) {
      this.#refuse(id, pending, { kind: 'timeout' });
      return undefined;
    }
    pending.timer = setTimeout(() => this.#timeOut(id, pending), waitMs);
    return pending;
  }

  /** Decodes some of the events of a part; after the last event of the last part the append is committed. False when the append is refused. */
  #take(id: string, pending: PendingAppend, request: BatchRequest, from: number, to: number): boolean {
    try {
      for (const bytes of request.events.slice(from, to)) {
        const event = readProposedEvent(bytes);
        pending.size.add(event);
        pending.events.push(event);
      }
    } catch (error) {
      this.#refuse(id, pending, toFailure(error, this.#maxAppendBytes));
      return false;
    }
    if (request.isFinal && to >= request.events.length) void this.#commit(id, pending);
    return true;
  }

  /** Decodes a long part in steps, between which other calls get their turn. This call is paused meanwhile, so that its parts stay in order. */
  async #takeBitByBit(id: string, pending: PendingAppend, request: BatchRequest): Promise<void> {
    this.#hold();
    this.#busy += 1;
    for (let from = 0; from < request.events.length; from += EVENTS_A_TURN) {
      await nextTurn();
      if (this.#pending.get(id) !== pending) break;
      if (!this.#take(id, pending, request, from, from + EVENTS_A_TURN)) break;
    }
    this.#busy -= 1;
    this.#letGo();
    this.#endIfDone();
  }

  async #commit(id: string, pending: PendingAppend): Promise<void> {
    const { events, options, size, correlationId } = pending;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    this.#busy += 1;
    try {
      const { reservedBytes } = size;
      const result = await appendEvents(this.#commits, { ...targetOf(options), events, reservedBytes });
      const response =
        result.kind === 'written'
          ? batchSuccess(result.revision, result.position)
          : batchError(result, options);
      this.#answer(response, correlationId, options);
    } catch (error) {
      const failure = toFailure(error, this.#maxAppendBytes);
      this.#answer(batchError(failure, options), correlationId, options);
    } finally {
      this.#busy -= 1;
      size.release();
      this.#endIfDone();
    }
  }

  #timeOut(id: string, pending: PendingAppend): void {
    this.#forget(id);
    const { options, correlationId } = pending;
    this.#answer(batchError({ kind: 'timeout' }, options), inStructuredForm(correlationId), options);
  }

  #refuse(id: string, pending: PendingAppend, failure: BatchFailure): void {
    this.#forget(id);
    this.#answer(batchError(failure, pending.options), pending.correlationId, pending.options);
  }

  #forget(id: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    pending.size.release();
  }

  #forgetAll(): void {
    for (const id of this.#pending.keys()) this.#forget(id);
  }

  /** Ends the whole call with an error: appends that it has not answered are answered no more. */
  #fail(error: StatusError): void {
    this.#failed = true;
    this.#forgetAll();
    this.#call.emit('error', error);
  }

  #answer(
    response: streamsPb.BatchAppendResp,
    correlationId: sharedPb.UUID | undefined,
    options: PendingAppend['options'],
  ): void {
    if (this.#failed || this.#call.cancelled || this.#call.destroyed) return;
    response.setCorrelationId(correlationId).setStreamIdentifier(options.getStreamIdentifier());
    // Back-pressure: no more appends are read from a client that does not read its answers.
    if (this.#call.write(response) || this.#draining) return;
    this.#draining = true;
    this.#hold();
    this.#call.once('drain', () => {
      this.#draining = false;
      this.#letGo();
    });
  }

  #hold(): void {
    this.#holds += 1;
    this.#call.pause();
  }

  #letGo(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#call.resume();
  }

  #endIfDone(): void {
    const done = this.#halfClosed && this.#busy === 0;
    if (done && !this.#failed && !this.#call.cancelled) this.#call.end();
  }
}
