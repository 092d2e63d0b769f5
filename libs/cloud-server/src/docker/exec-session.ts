import { message } from '@alfa-cloud/contracts';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { sleep } from '@alfa-cloud/service-kit';
import { CloudServerError } from '../cloud-server-error.ts';
import { statusOf } from './docker-errors.ts';

/** How long the engine may take to record the end of a command whose output has ended. */
const endRecordedMs = 5000;

export interface ExecSession {
  /** Hijacked: only there can standard input be closed while output is still read. */
  connection: Duplex;
  /** Once the output has ended. Transient `exec_lost` when nobody can tell. */
  exitCode(): Promise<number>;
}

/** Starts a command in a running container, with a connection to its standard streams. */
export const startExec = async (
  docker: Docker,
  container: string,
  request: {
    argv: readonly string[];
    hasInput: boolean;
    env?: Readonly<Record<string, string>> | undefined;
    user?: string | undefined;
  },
  signal: AbortSignal,
): Promise<ExecSession> => {
  const { argv, hasInput, env, user } = request;
  const exec = await docker.getContainer(container).exec({
    Cmd: [...argv],
    AttachStdin: hasInput,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...(env === undefined ? {} : { Env: Object.entries(env).map(([key, value]) => `${key}=${value}`) }),
    ...(user === undefined ? {} : { User: user }),
    abortSignal: signal,
  });
  const connection: Duplex = await exec.start({ hijack: true, stdin: true, Tty: false, abortSignal: signal });
  return { connection, exitCode: () => exitCodeOf(exec, argv, signal) };
};

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
