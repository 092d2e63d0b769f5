import { message } from '@alfa-cloud/contracts';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { sleep } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';
import { createDemultiplexer } from './demultiplexer.ts';
import { statusOf } from './docker-errors.ts';
import type { ExecRequest, ExecResult } from './docker-engine.ts';
import { outputKeeper } from '../output-keeper.ts';

/** How long the engine may take to record the end of a command whose output has ended. */
const endRecordedMs = 5000;

/** Runs a command over a hijacked connection: only there can standard input be closed while output is still read. */
export const runExec = async (
  docker: Docker,
  container: string,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<ExecResult> => {
  const exec = await docker.getContainer(container).exec({
    Cmd: [...request.argv],
    AttachStdin: request.stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...(request.env === undefined
      ? {}
      : { Env: Object.entries(request.env).map(([key, value]) => `${key}=${value}`) }),
    ...(request.user === undefined ? {} : { User: request.user }),
    abortSignal: signal,
  });
  const connection: Duplex = await exec.start({ hijack: true, stdin: true, Tty: false, abortSignal: signal });
  const output = outputKeeper(request);
  await converse(connection, request.stdin, (stream, text) => output.write(stream, text), signal);
  return { exitCode: await exitCodeOf(exec, request.argv, signal), ...output.result() };
};

const converse = (
  connection: Duplex,
  stdin: string | undefined,
  onText: (stream: 'stdout' | 'stderr', text: string) => void,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const demultiplexer = createDemultiplexer(onText);
    const onAbort = () => {
      connection.destroy();
      reject(signal.reason as Error);
    };
    const finish = () => {
      signal.removeEventListener('abort', onAbort);
      demultiplexer.end();
      connection.destroy();
      resolve();
    };
    connection.on('data', (chunk: Buffer) => demultiplexer.write(chunk));
    connection.once('end', finish);
    connection.once('close', finish);
    connection.once('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      // A command that ends without reading its input breaks the pipe; its exit code tells what there is to tell.
      if ('code' in error && error.code === 'EPIPE') finish();
      else reject(error);
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else connection.end(stdin);
  });

const exitCodeOf = async (
  exec: Docker.Exec,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<number> => {
  const lost = (cause?: unknown) =>
    new CloudServerError(
      'transient',
      'exec_lost',
      message`Docker restarted under the command ${argv[0] ?? ''}, so nobody knows how it ended`,
      { cause },
    );
  const end = performance.now() + endRecordedMs;
  for (let pauseMs = 5; performance.now() < end; pauseMs = Math.min(200, pauseMs * 2)) {
    let state: Docker.ExecInspectInfo;
    try {
      state = await exec.inspect({ abortSignal: signal });
    } catch (error) {
      // An engine that has forgotten the command was restarted in between.
      if (statusOf(error) === 404) throw lost(error);
      throw error;
    }
    if (!state.Running && state.ExitCode !== null) return state.ExitCode;
    await sleep(pauseMs, signal);
  }
  throw lost();
};
