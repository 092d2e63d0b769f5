import { errorMessage, sleep, type Logger } from '@alfa-cloud/service-kit';

/** Work that is done again and again while the service runs. */
export interface Rounds {
  start(): void;
  /** Asks for a round soon. */
  nudge(): void;
  /** Lets the round at work end. */
  stop(): Promise<void>;
}

export interface RoundsOptions {
  /** What could not be done when a round fails, for the log: `availability could not be observed`. */
  failure: string;
  /** From the begin of a round to the begin of the next, ms. */
  everyMs: number;
  round: (signal: AbortSignal) => Promise<void>;
  logger: Logger;
}

/** Time for the read models to take up the event behind a nudge. */
const nudgeMs = 1000;

/** Rounds one after the other, never two at once; one that fails is logged, and the next one comes all the same. */
export const createRounds = ({ failure, everyMs, round, logger }: RoundsOptions): Rounds => {
  const stopped = new AbortController();
  let wake: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();

  const waitForNextRound = async (milliseconds: number): Promise<void> => {
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
  const keepGoing = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const begin = performance.now();
      await round(stopped.signal).catch((error: unknown) => {
        if (!stopped.signal.aborted) logger.warn({ reason: errorMessage(error) }, failure);
      });
      const left = everyMs - (performance.now() - begin);
      await waitForNextRound(Math.max(0, left)).catch((error: unknown) => {
        if (!stopped.signal.aborted) throw error;
      });
    }
  };
  return {
    start: () => void (running = keepGoing()),
    nudge: () => wake(),
    async stop() {
      stopped.abort(new Error('The service stops'));
      await running;
    },
  };
};
