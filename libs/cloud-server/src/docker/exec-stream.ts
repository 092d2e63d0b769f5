import { message } from '@alfa-cloud/contracts';
import type { Duplex, Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { errorCode } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';
import { outputKeeper } from '../output-keeper.ts';
import { createFrameReader } from './demultiplexer.ts';
import { createMarkReader, withEndMark, type MarkReader } from './end-mark.ts';
import { startExec } from './exec-session.ts';
import type { StreamRequest, StreamResult } from './exec-stream-request.ts';

const defaultIdleMs = 300_000;
const progressMs = 250;

/** Runs a command between two streams, at the pace of the slowest of the three. */
export const runExecStream = async (
  docker: Docker,
  container: string,
  request: StreamRequest,
  idleMs: number | undefined,
  signal: AbortSignal,
): Promise<StreamResult> => {
  const { env, user, input, output } = request;
  const hasInput = input !== undefined;
  const marked = output === undefined ? null : withEndMark(request.argv, hasInput);
  const argv = marked?.argv ?? request.argv;
  // What breaks them is told by this call, or comes from it; without a listener it would end the process.
  for (const stream of [input, output]) stream?.on('error', () => undefined);
  try {
    const takesInput = hasInput || marked !== null;
    const session = await startExec(docker, container, { argv, hasInput: takesInput, env, user }, signal);
    const reader = marked === null ? null : createMarkReader(marked.mark);
    const carried = { ...request, idleMs: idleMs ?? defaultIdleMs, reader };
    const stderr = await carry(session.connection, carried, signal);
    const exitCode = await session.exitCode();
    if (exitCode === 0 && reader?.isAtEnd() === false) throw endLost(request.argv);
    const rest = reader?.rest();
    if (rest !== undefined && rest.length > 0) output?.write(rest);
    input?.destroy();
    output?.end();
    if (output !== undefined) await finished(output, { readable: false, signal });
    return { exitCode, stderr };
  } catch (error) {
    input?.destroy(error as Error);
    output?.destroy(error as Error);
    throw error;
  }
};

const cutOff = (): Error =>
  Object.assign(new Error('the connection ended in the middle of the output'), { code: 'ECONNRESET' });

const endLost = (argv: readonly string[]): CloudServerError =>
  new CloudServerError(
    'transient',
    'exec_lost',
    message`Docker lost the end of what ${argv[0] ?? ''} printed`,
  );

interface Carried extends StreamRequest {
  idleMs: number;
  /** Null: nobody takes the output. */
  reader: MarkReader | null;
}

/** @returns what was printed to the standard error */
const carry = (
  connection: Duplex,
  { argv, input, output, onProgress, idleMs, reader: marks }: Carried,
  signal: AbortSignal,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const complaints = outputKeeper({});
    const decoder = new StringDecoder('utf8');
    const pulse = createPulse(idleMs, onProgress, () => {
      const seconds = Math.round(idleMs / 1000);
      const words = message`Nothing has come from ${argv[0] ?? ''} or gone to it for ${seconds} s`;
      connection.destroy(new CloudServerError('transient', 'deadline_exceeded', words));
    });
    let isFull = false;
    const reader = createFrameReader((stream, bytes) => {
      if (stream === 'stderr') {
        pulse.beat(0);
        complaints.write('stderr', decoder.write(bytes));
        return;
      }
      const printed = marks?.read(bytes) ?? bytes;
      pulse.beat(printed.length);
      if (printed.length > 0 && output?.write(printed) === false) isFull = true;
      if (marks?.isAtEnd() !== true) return;
      // What stands around the command waits for the end of the input, which nobody else reads any more.
      input?.unpipe(connection);
      connection.end();
    });
    const leave: (() => void)[] = [];
    const settle = (act: () => void) => {
      for (const each of leave.splice(0)) each();
      pulse.stop();
      connection.destroy();
      act();
    };
    const end = () => settle(() => resolve(complaints.result().stderr));
    const fail = (error: Error) => settle(() => reject(error));
    const listen = (
      emitter: Duplex | Readable | Writable | undefined,
      event: string,
      listener: (...args: never[]) => void,
    ) => {
      emitter?.on(event, listener as (...args: unknown[]) => void);
      leave.push(() => emitter?.off(event, listener as (...args: unknown[]) => void));
    };

    // It may come after all is settled, as when the other side breaks what is being closed.
    connection.on('error', () => undefined);
    listen(connection, 'data', (chunk: Buffer) => {
      reader.write(chunk);
      if (!isFull) return;
      isFull = false;
      connection.pause();
      output?.once('drain', () => connection.resume());
    });
    listen(connection, 'end', () => (reader.isBetweenFrames() ? end() : fail(cutOff())));
    listen(connection, 'close', () => fail(cutOff()));
    // A command that ends without reading its input breaks the pipe.
    listen(connection, 'error', (error: Error) => (errorCode(error) === 'EPIPE' ? end() : fail(error)));
    listen(output, 'error', fail);
    listen(output, 'close', () => fail(new Error('whoever takes the output has gone')));
    listen(input, 'error', fail);
    listen(input, 'close', () => input?.readableEnded !== true && fail(new Error('the input was cut off')));
    listen(input, 'data', (chunk: Buffer) => pulse.beat(chunk.length));
    const onAbort = () => fail(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    leave.push(() => signal.removeEventListener('abort', onAbort));

    if (signal.aborted) onAbort();
    else if (input?.errored) fail(input.errored);
    else if (input?.destroyed === true || output?.destroyed === true) fail(new Error('a stream was cut off'));
    else if (input !== undefined) {
      input.pipe(connection);
      leave.push(() => input.unpipe(connection));
    } else if (marks === null) connection.end();
  });

/** Counts bytes, tells of them now and then, and calls `onIdle` when no beat comes for long. */
const createPulse = (
  idleMs: number,
  onProgress: ((bytes: number) => void) | undefined,
  onIdle: () => void,
): { beat(bytes: number): void; stop(): void } => {
  let total = 0;
  let told = 0;
  let toldAt = performance.now();
  const timer = setTimeout(onIdle, idleMs);
  const tell = () => {
    if (total > told) onProgress?.(total);
    told = total;
    toldAt = performance.now();
  };
  return {
    beat(bytes) {
      total += bytes;
      timer.refresh();
      if (performance.now() - toldAt >= progressMs) tell();
    },
    stop() {
      clearTimeout(timer);
      tell();
    },
  };
};
