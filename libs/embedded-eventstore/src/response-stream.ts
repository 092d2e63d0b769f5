import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StatusError, serverNotReady, toStatusError } from './errors.ts';

/** Takes answers that are encoded already, see `streams-service.ts`. */
type ReadCall = ServerWritableStream<streamsPb.ReadReq, Buffer>;

/** The answer side of a Read call. Sending waits while the client does not keep up and throws once it is gone. */
export interface ResponseStream {
  /** Aborted when the client has gone or the server stops. */
  readonly signal: AbortSignal;
  /** Returns a promise only when the caller has to wait: one for each event would cost more than the event. */
  send(message: Buffer): Promise<void> | undefined;
  /** Lets other calls, commits and keep-alives have their turn. */
  pause(): Promise<void>;
}

/**
 * Runs a handler that answers with a stream of messages, and ends the call with the status that fits its outcome.
 * @param stopping aborted when the server stops
 * @param onFault called with errors that are a fault of this server and no answer to the client
 */
export async function respond(
  call: ReadCall,
  stopping: AbortSignal,
  onFault: (error: unknown) => void,
  handle: (responses: ResponseStream) => Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  const wake = wakeOn(call);
  call.once('cancelled', () => {
    gone.abort();
    wake.now();
  });
  if (call.cancelled) gone.abort();
  const signal = AbortSignal.any([gone.signal, stopping]);
  stopping.addEventListener('abort', wake.now);
  // Asking a signal made of others costs more, for each event.
  let ended = signal.aborted;
  signal.addEventListener('abort', () => (ended = true));
  const drained = async (): Promise<void> => {
    await wake.next();
    signal.throwIfAborted();
  };
  try {
    await handle({
      signal,
      send(message) {
        if (ended) signal.throwIfAborted();
        return call.write(message) ? undefined : drained();
      },
      async pause() {
        await nextTurn();
        signal.throwIfAborted();
      },
    });
    call.end();
  } catch (error) {
    if (gone.signal.aborted) return;
    if (!stopping.aborted && !(error instanceof StatusError)) onFault(error);
    call.emit('error', stopping.aborted ? serverNotReady() : toStatusError(error));
  } finally {
    stopping.removeEventListener('abort', wake.now);
  }
}

/** One listener for the whole call: a reader waits for `drain` thousands of times. */
function wakeOn(call: ReadCall): { next(): Promise<void>; now: () => void } {
  let waiting: (() => void) | undefined;
  const now = (): void => {
    waiting?.();
    waiting = undefined;
  };
  call.on('drain', now);
  return {
    next: () =>
      new Promise((resolve) => {
        waiting = resolve;
      }),
    now,
  };
}
