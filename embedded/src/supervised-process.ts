import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { backoffMs, sleep, type Logger } from '@alfa-cloud/service-kit';

export interface SupervisedProcessOptions {
  /** Names it in the log. */
  name: string;
  command: string;
  args: readonly string[];
  logger: Logger;
  /** Resolves once the process answers; aborted when it ends before. */
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

/** A child process that is started again when it ends by itself. */
export interface SupervisedProcess {
  /** Of the child that runs now; undefined between two. */
  readonly pid: number | undefined;
  /** Ends it: SIGTERM, then SIGKILL after 10 s. */
  stop(): Promise<void>;
}

/** An engine of our own on this machine. */
export interface Engine extends SupervisedProcess {
  readonly url: string;
}

export interface EngineOptions {
  /** Where it keeps its data; made when absent. */
  directory: string;
  logger: Logger;
  /** `PATH` of this process. */
  searchPath: string;
}

const firstRestartMs = 200;
const restartMaxMs = 10_000;
const stopDeadlineMs = 10_000;

/**
 * Starts the process and waits until it is ready. Afterwards it is restarted, with growing pauses, for as long as it is not stopped.
 * Where `setpriv` exists the child dies with this process, even if that is killed.
 * @throws Error with its last lines of output when the first start fails
 */
export const superviseProcess = async (options: SupervisedProcessOptions): Promise<SupervisedProcess> => {
  const { name, logger } = options;
  const stopping = new AbortController();
  let child: ChildProcess | undefined;

  /** Resolves when it is ready, with the promise of its end inside an object: a bare promise would be waited for. */
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
