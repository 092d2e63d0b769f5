import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import type { ExecRequest, ExecResult } from '../docker/docker-engine.ts';
import type { StreamOptions, StreamRequest, StreamResult } from '../docker/exec-stream-request.ts';

/** A command that reads its whole input, then says all that it has to say. @param answer what it says, as of one whose input is in memory */
export const fakeStream = async (
  { input, output, onProgress, ...request }: StreamRequest,
  { signal }: StreamOptions,
  answer: (request: ExecRequest) => Partial<ExecResult> | undefined,
): Promise<StreamResult> => {
  for (const stream of [input, output]) {
    stream?.on('error', () => undefined);
    if (stream !== undefined && signal !== undefined) addAbortSignal(signal, stream);
  }
  try {
    signal?.throwIfAborted();
    const stdin = input === undefined ? {} : { stdin: await text(input) };
    const { exitCode = 0, stdout = '', stderr = '' } = answer({ ...request, ...stdin }) ?? {};
    if (output !== undefined) {
      output.end(stdout);
      await finished(output, { readable: false });
    }
    onProgress?.((stdin.stdin?.length ?? 0) + stdout.length);
    return { exitCode, stderr };
  } catch (error) {
    const reason = signal?.aborted === true ? (signal.reason as Error) : (error as Error);
    input?.destroy(reason);
    output?.destroy(reason);
    throw reason;
  }
};
