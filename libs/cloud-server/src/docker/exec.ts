import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { createDemultiplexer } from './demultiplexer.ts';
import type { ExecRequest, ExecResult } from './docker-engine.ts';
import { startExec } from './exec-session.ts';
import { outputKeeper } from '../output-keeper.ts';

/** Runs a command whose input and output are kept in memory. */
export const runExec = async (
  docker: Docker,
  container: string,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<ExecResult> => {
  const { argv, stdin, env, user } = request;
  const wanted = { argv, hasInput: stdin !== undefined, env, user };
  const session = await startExec(docker, container, wanted, signal);
  const output = outputKeeper(request);
  await converse(session.connection, stdin, (stream, text) => output.write(stream, text), signal);
  return { exitCode: await session.exitCode(), ...output.result() };
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
