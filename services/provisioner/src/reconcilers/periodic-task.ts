import { errorMessage, sleep, type Logger } from '@alfa-cloud/service-kit';

/** Work that is repeated as long as the service runs. */
export interface PeriodicTask {
  start(): void;
  /** Brings the next run forward, to about a second from now. */
  nudge(): void;
  /** Aborts the signal of the run at work and waits until that has ended. */
  stop(): Promise<void>;
}

export interface PeriodicTaskOptions {
  /** Logged with the reason when a run fails: `availability not reconciled`. */
  failure: string;
  /** From the begin of a run to the begin of the next, ms. A run that takes longer delays the next. */
  everyMs: number;
  run: (signal: AbortSignal) => Promise<void>;
  logger: Logger;
}

/** Time for the read models to take up the event behind a nudge. */
const nudgeMs = 1000;

/** Runs never overlap; a run that fails is logged and does not keep the next from coming. */
export const createPeriodicTask = ({ failure, everyMs, run, logger }: PeriodicTaskOptions): PeriodicTask => {
  const stopped = new AbortController();
  let wake: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();

  const waitForNextRun = async (milliseconds: number): Promise<void> => {
    const nudged = new Promise<void>((resolve) => (wake = resolve));
    const waiting = new AbortController();
    const either = AbortSignal.any([stopped.signal, waiting.signal]);
    try {
      await Promise.race([
        sleep(milliseconds, either),
        nudged.then(() => sleep(Math.min(nudgeMs, milliseconds), either)),
      ]);
    } finally {
      waiting.abort();
    }
  };
  const repeat = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const begin = performance.now();
      await run(stopped.signal).catch((error: unknown) => {
        if (!stopped.signal.aborted) logger.warn({ reason: errorMessage(error) }, failure);
      });
      const left = everyMs - (performance.now() - begin);
      await waitForNextRun(Math.max(0, left)).catch((error: unknown) => {
        if (!stopped.signal.aborted) throw error;
      });
    }
  };
  return {
    start: () => void (running = repeat()),
    nudge: () => wake(),
    async stop() {
      stopped.abort(new Error('The service stops'));
      await running;
    },
  };
};
