import { backoffMs, sleep } from '@alfa-cloud/service-kit';
import type { Delivered } from './delivered.ts';
import type { Link } from './link.ts';
import { createPullInbox } from './pull-inbox.ts';

export interface PullingOptions {
  consumer: string;
  /** See {@link createPullInbox}. */
  expiresMs: number;
  /** Makes the consumer; called at first, after each reconnect and whenever it seems to be gone. */
  ensureConsumer(): Promise<void>;
  /** How many more commands may be taken now. */
  room(): number;
  onDelivered: (delivered: Delivered) => void;
}

export interface Pulling {
  /** There may be room again. */
  nudge(): void;
  /** Takes no more; what is on its way already is still given to `onDelivered`. */
  stop(): Promise<void>;
}

const readyMs = 60_000;

/** Asks JetStream for as many commands as there is room for, one request at a time, so there are never more here than allowed. */
export const startPulling = (link: Link, options: PullingOptions): Pulling => {
  const stopping = new AbortController();
  const inbox = createPullInbox(link, options);
  let wake = (): void => {};
  /** Counts what makes the consumer and the inbox worth nothing: each return of the connection, each vain request. */
  let upset = 1;
  let settledFor = 0;

  const settle = async (): Promise<void> => {
    const seen = upset;
    await options.ensureConsumer();
    inbox.renew();
    settledFor = seen;
  };

  const roomy = async (): Promise<number> => {
    for (;;) {
      const room = options.room();
      if (room > 0 || stopping.signal.aborted) return room;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  const pull = async (): Promise<void> => {
    await link.ready(readyMs, stopping.signal);
    if (settledFor !== upset) await settle();
    const room = await roomy();
    if (stopping.signal.aborted || settledFor !== upset || !link.isReady()) return;
    const end = await inbox.pull(room);
    if (end === 'gone' || end === 'silent') upset += 1;
    if (end === 'gone' || end === 'refused') throw new Error(`The request for commands was ${end}`);
  };

  const run = async (): Promise<void> => {
    const unwatch = link.onReady(() => {
      upset += 1;
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
    nudge: () => wake(),
    async stop() {
      stopping.abort();
      wake();
      inbox.interrupt();
      await running;
      await inbox.close();
    },
  };
};
