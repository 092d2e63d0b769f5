import { backoffMs, sleep } from '@alfa-cloud/service-kit';
import type { Link } from '../connection/link.ts';
import type { JetStreamDelivery } from './jetstream-delivery.ts';
import { createPullInbox } from './pull-inbox.ts';

export interface PullLoopOptions {
  consumer: string;
  /** See {@link createPullInbox}. */
  expiresMs: number;
  /** Creates the consumer. Called at the start, after each reconnect and whenever the consumer seems to be missing. */
  ensureConsumer(): Promise<void>;
  /** How many more commands this process may take now. */
  capacity(): number;
  onDelivered: (delivery: JetStreamDelivery) => void;
}

export interface PullLoop {
  /** To be called when capacity may have become free. */
  wake(): void;
  /** Takes no more commands; those already sent by the server are still given to `onDelivered`. */
  stop(): Promise<void>;
}

const readyMs = 60_000;

/** Pulls as many commands as there is capacity for, one request at a time, so that this process never holds more than allowed. */
export const startPullLoop = (link: Link, options: PullLoopOptions): PullLoop => {
  const stopping = new AbortController();
  const inbox = createPullInbox(link, options);
  let wake = (): void => {};
  /** Generation of consumer and inbox; raised by a reconnect and by a request without an answer, after which both are made anew. */
  let generation = 1;
  let preparedGeneration = 0;

  const prepare = async (): Promise<void> => {
    const current = generation;
    await options.ensureConsumer();
    inbox.renew();
    preparedGeneration = current;
  };

  const capacityFree = async (): Promise<number> => {
    for (;;) {
      const capacity = options.capacity();
      if (capacity > 0 || stopping.signal.aborted) return capacity;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  const pull = async (): Promise<void> => {
    await link.ready(readyMs, stopping.signal);
    if (preparedGeneration !== generation) await prepare();
    const capacity = await capacityFree();
    if (stopping.signal.aborted || preparedGeneration !== generation || !link.isReady()) return;
    const end = await inbox.pull(capacity);
    if (end === 'gone' || end === 'silent') generation += 1;
    if (end === 'gone' || end === 'refused') throw new Error(`The request for commands was ${end}`);
  };

  const run = async (): Promise<void> => {
    const unwatch = link.onReady(() => {
      generation += 1;
      inbox.interrupt();
      wake();
    });
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await pull();
        failures = 0;
      } catch (error) {
        if (stopping.signal.aborted) break;
        failures += 1;
        if (failures > 1) link.logger.warn({ err: error, consumer: options.consumer }, 'No commands for now');
        await sleep(backoffMs(failures, 100, 5000), stopping.signal).catch(() => {});
      }
    }
    unwatch();
  };
  const running = run();

  return {
    wake: () => wake(),
    async stop() {
      stopping.abort();
      wake();
      inbox.interrupt();
      await running;
      await inbox.close();
    },
  };
};
