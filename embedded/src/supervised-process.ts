import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { backoffMs, sleep, type Logger } from '@alfa-cloud/service-kit';

export interface SupervisedProcessOptions {
  /** Its name in the log. */
  name: string;
  command: string;
  args: readonly string[];
  logger: Logger;
  /** Resolves when the process is ready; the signal is aborted when it ends before. */
  ready(signal: AbortSignal): Promise<void>;
  /** Longest time from the start to ready. */
  readyDeadlineMs: number;
  /** Added to the environment of this process. */
  env?: Readonly<Record<string, string>>;
  /** Called with each line of its output. */
  onLine?(line: string): void;
  /** `PATH` of this process, to find `setpriv`. */
  searchPath: string;
}

/** A child process that is restarted when it ends by itself. */
export interface SupervisedProcess {
  /** Id of the running child; undefined between two runs. */
  readonly pid: number | undefined;
  /** Sends SIGTERM, and SIGKILL after 10 s. */
  stop(): Promise<void>;
}

/** An engine that runs as a child process. */
export interface Engine extends SupervisedProcess {
  readonly url: string;
}

export interface EngineOptions {
  /** Its data directory; created when absent. */
  directory: string;
  logger: Logger;
  /** `PATH` of this process. */
  searchPath: string;
}

const firstRestartMs = 200;
const restartMaxMs = 10_000;
const stopDeadlineMs = 10_000;

/**
 * Starts the process and waits until it is ready. Until it is stopped, it is then restarted whenever it ends, with growing pauses.
 * Where `setpriv` exists, the child ends when this process does, even if that is killed.
 * @throws Error with the last lines of output when the first start fails
 */
export const superviseProcess = async (options: SupervisedProcessOptions): Promise<SupervisedProcess> => {
  const { name, logger } = options;
  const stopping = new AbortController();
  let child: ChildProcess | undefined;

  /** Resolves when the process is ready. The promise of its end is wrapped in an object, since a bare promise would be awaited. */
  const startOnce = async (): Promise<{ ended: Promise<unknown> }> => {
    const started = launch(options);
    child = started.child;
    const ended = started.ended.then((last) => {
      child = undefined;
      return last;
    });
    const deadline = AbortSignal.timeout(options.readyDeadlineMs);
    const failed = new AbortController();
    const failure = ended.then((last) => {
      failed.abort(new Error(`${name} ended before it was ready: ${last}`));
      throw failed.signal.reason;
    });
    failure.catch(() => undefined);
    try {
      await Promise.race([options.ready(AbortSignal.any([deadline, failed.signal])), failure]);
    } catch (error) {
      child?.kill('SIGKILL');
      throw error;
    }
    logger.info({ process: name, pid: child?.pid }, 'engine is ready');
    return { ended };
  };

  const keepRunning = async (firstRun: { ended: Promise<unknown> }): Promise<void> => {
    let run = firstRun;
    for (let failures = 1; ;) {
      await run.ended;
      if (stopping.signal.aborted) return;
      const pauseMs = backoffMs(failures, firstRestartMs, restartMaxMs);
      logger.error({ process: name, restartInMs: pauseMs }, 'engine ended by itself, starting it again');
      try {
        await sleep(pauseMs, stopping.signal);
        run = await startOnce();
        failures = 1;
      } catch (error) {
        if (stopping.signal.aborted) return;
        logger.error({ process: name, err: error }, 'engine did not start');
        run = { ended: Promise.resolve() };
        failures += 1;
      }
    }
  };

  const supervision = keepRunning(await startOnce());
  return {
    get pid() {
      return child?.pid;
    },
    async stop() {
      stopping.abort(new Error('Stopping'));
      child?.kill('SIGTERM');
      const kill = setTimeout(() => child?.kill('SIGKILL'), stopDeadlineMs);
      await supervision;
      clearTimeout(kill);
    },
  };
};

const lastLinesKept = 20;

const launch = (options: SupervisedProcessOptions): { child: ChildProcess; ended: Promise<string> } => {
  const [command, args] = dyingWithParent(options);
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      last.push(line);
      if (last.length > lastLinesKept) last.shift();
      options.onLine?.(line);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(`${signal ?? `exit code ${code}`}; ${last.slice(-5).join(' | ')}`),
    );
  });
  return { child, ended };
};

const dyingWithParent = (options: SupervisedProcessOptions): [string, readonly string[]] => {
  const setpriv = options.searchPath
    .split(delimiter)
    .map((directory) => join(directory, 'setpriv'))
    .find((file) => existsSync(file));
  return setpriv === undefined
    ? [options.command, options.args]
    : [setpriv, ['--pdeathsig', 'TERM', options.command, ...options.args]];
};
