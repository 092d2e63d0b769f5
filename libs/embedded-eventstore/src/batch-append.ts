import type sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { ANY, NO_STREAM, STREAM_EXISTS } from './append.ts';
import type { BatchFailure } from './batch-messages.ts';
import { batchError, batchSuccess } from './batch-messages.ts';
import { MAX_APPEND_TOTAL_BYTES } from './classic-append.ts';
import { StatusError, serverNotReady, toStatusError } from './errors.ts';
import type { ProposedEvent } from './event-record.ts';
import { bytesOf } from './event-record.ts';
import { expectedFromRevision } from './expected-revision.ts';
import type { GroupCommit } from './group-commit.ts';
import { readProposedEvent } from './proposed.ts';
import { isValidName } from './stream-name.ts';
import { uuidFromWire } from './uuid.ts';
import { append } from './write-operations.ts';

type Call = ServerDuplexStream<streamsPb.BatchAppendReq, streamsPb.BatchAppendResp>;
type Options = streamsPb.BatchAppendReq.Options;

/** Longest time that the parts of one append may take to arrive, whatever deadline the client gives. */
const MAX_WAIT_MS = 2000;

/** One append whose parts are still coming in. */
interface PendingAppend {
  readonly correlationId: sharedPb.UUID;
  readonly options: Options;
  readonly stream: string;
  readonly events: ProposedEvent[];
  reservedBytes: number;
  dataBytes: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Serves one BatchAppend call: appends arrive in parts, told apart by correlation id, and each is answered exactly once, in the
 * order in which they are done.
 */
export class BatchAppendCall {
  readonly #call: Call;
  readonly #commits: GroupCommit;
  readonly #maxAppendBytes: number;
  readonly #pending = new Map<string, PendingAppend>();
  #committing = 0;
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
    call.on('data', (request: streamsPb.BatchAppendReq) => {
      try {
        if (!this.#failed) this.#receive(request);
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

  #receive(request: streamsPb.BatchAppendReq): void {
    const correlationId = request.getCorrelationId();
    if (correlationId === undefined) return;
    const id = uuidFromWire(correlationId);
    const pending = this.#pending.get(id) ?? this.#start(id, correlationId, request.getOptions());
    // Parts of an append that was answered already.
    if (pending === undefined) return;
    try {
      for (const message of request.getProposedMessagesList()) this.#add(pending, readProposedEvent(message));
    } catch (error) {
      this.#refuse(id, pending, toFailure(error, this.#maxAppendBytes));
      return;
    }
    if (request.getIsFinal()) void this.#commit(id, pending);
  }

  #start(id: string, correlationId: sharedPb.UUID, options: Options | undefined): PendingAppend | undefined {
    if (options === undefined) return undefined;
    const stream = Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
    const pending: PendingAppend = {
      correlationId,
      options,
      stream,
      events: [],
      reservedBytes: 0,
      dataBytes: 0,
      timer: undefined,
    };
    this.#pending.set(id, pending);
    if (!isValidName(stream)) {
      this.#refuse(id, pending, { kind: 'badRequest', message: 'A stream name is required.' });
      return undefined;
    }
    const waitMs = Math.min(MAX_WAIT_MS, remainingMs(options));
    if (waitMs <= 0) {
      this.#refuse(id, pending, { kind: 'timeout' });
      return undefined;
    }
    pending.timer = setTimeout(() => this.#refuse(id, pending, { kind: 'timeout' }), waitMs);
    return pending;
  }

  #add(pending: PendingAppend, event: ProposedEvent): void {
    const bytes = bytesOf(event);
    this.#commits.reserve(bytes);
    pending.reservedBytes += bytes;
    pending.dataBytes += event.data.length;
    if (pending.dataBytes > this.#maxAppendBytes || pending.reservedBytes > MAX_APPEND_TOTAL_BYTES) {
      throw new AppendTooLarge();
    }
    pending.events.push(event);
  }

  async #commit(id: string, pending: PendingAppend): Promise<void> {
    const { stream, events, options, reservedBytes } = pending;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    this.#committing += 1;
    try {
      const expected = readExpected(options);
      const result = await this.#commits.submit(stream, reservedBytes, (log) =>
        append(log, stream, expected, events),
      );
      this.#answer(
        result.kind === 'written'
          ? batchSuccess(result.revision, result.position)
          : batchError(result, options),
        pending,
      );
    } catch (error) {
      this.#answer(batchError(toFailure(error, this.#maxAppendBytes), options), pending);
    } finally {
      this.#committing -= 1;
      this.#commits.release(reservedBytes);
      this.#endIfDone();
    }
  }

  #refuse(id: string, pending: PendingAppend, failure: BatchFailure): void {
    this.#forget(id);
    this.#answer(batchError(failure, pending.options), pending);
  }

  #forget(id: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    this.#commits.release(pending.reservedBytes);
  }

  #forgetAll(): void {
    for (const id of this.#pending.keys()) this.#forget(id);
  }

  /** Ends the call as a whole; the client then knows that nothing more of it is answered. */
  #fail(error: StatusError): void {
    this.#failed = true;
    this.#forgetAll();
    this.#call.emit('error', error);
  }

  #answer(response: streamsPb.BatchAppendResp, { correlationId, options }: PendingAppend): void {
    if (this.#failed || this.#call.cancelled || this.#call.destroyed) return;
    response.setCorrelationId(correlationId).setStreamIdentifier(options.getStreamIdentifier());
    // A client that does not fetch its answers gets no more of its appends read.
    if (this.#call.write(response) || this.#call.isPaused()) return;
    this.#call.pause();
    this.#call.once('drain', () => this.#call.resume());
  }

  #endIfDone(): void {
    const done = this.#halfClosed && this.#committing === 0;
    if (done && !this.#failed && !this.#call.cancelled) this.#call.end();
  }
}

class AppendTooLarge extends Error {}

function toFailure(error: unknown, maxAppendBytes: number): BatchFailure {
  if (error instanceof AppendTooLarge) return { kind: 'tooLarge', maxAppendBytes };
  if (!(error instanceof StatusError)) return { kind: 'unknown' };
  return error.code === status.UNAVAILABLE
    ? { kind: 'unavailable', message: error.details }
    : { kind: 'badRequest', message: error.details };
}

function remainingMs(options: Options): number {
  const deadline = options.getDeadline();
  return deadline === undefined ? MAX_WAIT_MS : deadline.toDate().getTime() - Date.now();
}

function readExpected(options: Options): number {
  if (options.hasStreamPosition()) return expectedFromRevision(options.getStreamPosition());
  if (options.hasNoStream()) return NO_STREAM;
  return options.hasStreamExists() ? STREAM_EXISTS : ANY;
}
