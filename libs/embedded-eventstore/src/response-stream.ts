import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StatusError, serverNotReady, toStatusError } from './errors.ts';

type ReadCall = ServerWritableStream<streamsPb.ReadReq, streamsPb.ReadResp>;

/** The answer side of a Read call. Sending waits while the client does not keep up and throws once it is gone. */
export interface ResponseStream {
  /** Aborted when the client has gone or the server stops. */
  readonly signal: AbortSignal;
  send(message: streamsPb.ReadResp): Promise<void> | undefined;
  /** Lets other calls, commits and keep-alives have their turn. */
  pause(): Promise<void>;
}

/**
 * Runs a handler that answers with a stream of messages, and ends the call with the status that fits its outcome.
 * @param stopping aborted when the server stops
 * @param onFault told of errors that are no answer but a fault of this server
 */
export async function respond(
  call: ReadCall,
  stopping: AbortSignal,
  onFault: (error: unknown) => void,
  handle: (responses: ResponseStream) => Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  call.once('cancelled', () => gone.abort());
  if (call.cancelled) gone.abort();
  const signal = AbortSignal.any([gone.signal, stopping]);
  try {
    await handle({
      signal,
      send(message) {
        signal.throwIfAborted();
        return call.write(message) ? undefined : once(call, 'drain', { signal }).then(() => undefined);
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
  }
}
