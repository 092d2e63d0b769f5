import { errorMessage, type Logger } from '@alfa-cloud/service-kit';
import { schedule } from 'node-cron';

/** Work that is repeated as long as the service runs. */
export interface Repeated {
  start(): void;
  /** Begins no more runs, tells the one at work to end, and waits for it. */
  stop(): Promise<void>;
}

/**
 * Repeats work by the clock. What a run does must follow from the time that it reads itself: after a change of the clocks, a standstill of the
 * machine or a long run, times of the expression may be left out.
 * @param options.expression of node-cron, with seconds
 * @param options.failure logged with the reason when a run fails, which does not keep the next from coming
 */
export const createRepeated = (options: {
  expression: string;
  timeZone: string;
  run: (signal: AbortSignal) => Promise<void>;
  failure: string;
  logger: Logger;
}): Repeated => {
  const { expression, timeZone: timezone, run, failure, logger } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> | null = null;
  let task: ReturnType<typeof schedule> | undefined;
  const begin = () => {
    if (running !== null || signal.aborted) return;
    running = run(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ reason: errorMessage(error) }, failure);
      })
      .finally(() => {
        running = null;
      });
  };
  return {
    start() {
      begin();
      task = schedule(expression, begin, { timezone, logger: silentOf(logger), suppressMissedWarning: true });
    },
    async stop() {
      stopping.abort(new Error('The service stops'));
      await task?.destroy();
      await running;
    },
  };
};

/** What node-cron tells goes where all else goes. */
const silentOf = (logger: Logger) => ({
  info: (text: string) => logger.debug(text),
  warn: (text: string) => logger.warn(text),
  error: (text: string | Error) => logger.error(String(text)),
  debug: (text: string | Error) => logger.debug(String(text)),
});
