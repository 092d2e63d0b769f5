import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import type Docker from 'dockerode';

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a running container to its end, with `stdin` as its whole input. */
export async function execInContainer(
  docker: Docker,
  container: string,
  argv: readonly string[],
  stdin?: string,
): Promise<ExecResult> {
  const exec = await docker.getContainer(container).exec({
    Cmd: [...argv],
    AttachStdin: stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: stdin !== undefined });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  stream.once('close', () => {
    stdout.end();
    stderr.end();
  });
  if (stdin !== undefined) stream.end(stdin);
  const [out, err] = await Promise.all([text(stdout), text(stderr)]);
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? -1, stdout: out, stderr: err };
}
