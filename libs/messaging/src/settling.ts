import { backoffMs, sleep } from '@alfa-cloud/service-kit';
import { nanos } from 'nats';
import type { Delivered } from './delivered.ts';
import type { Link } from './link.ts';
import type { Taken } from './taken.ts';

/** What becomes of a delivered command. */
export type Settlement =
  /** Ended: never to be delivered again. `discard` ends it as not handled. */
  { kind: 'done' } | { kind: 'discard' } | { kind: 'back'; delayMs: number };

const callMs = 2000;
const words = { done: '+ACK', discard: '+TERM' } as const;

/** Tells JetStream what becomes of deliveries. */
export const createSettling = (link: Link) => {
  /** Sequence numbers of a stream that was lost mean other commands in the one made after it. */
  const isCurrent = (delivered: Delivered) => delivered.born === link.streamBorn();

  /** Confirmed by the server, because an end that got lost means the command runs again. Tried until then or until released. */
  const end = async (taken: Taken, word: string): Promise<void> => {
    const confirmed = new Set<string>();
    for (let attempt = 1; !taken.released.aborted; attempt += 1) {
      try {
        await link.ready(60_000, taken.released);
        const open = taken.deliveries().filter((each) => isCurrent(each) && !confirmed.has(each.ack));
        if (open.length === 0) return;
        for (const delivered of open) {
          await link.attempt((nats) => nats.request(delivered.ack, word, { timeout: callMs }));
          confirmed.add(delivered.ack);
        }
        return;
      } catch (error) {
        if (taken.released.aborted) return;
        link.logger.warn({ err: error, command: taken.key }, 'The end of a command is not confirmed yet');
        await sleep(backoffMs(attempt, 200, 5000), taken.released).catch(() => {});
      }
    }
  };

  const say = (delivered: Delivered, word: string): void => {
    if (link.isReady() && isCurrent(delivered)) link.connection.publish(delivered.ack, word);
  };

  return {
    working: (taken: Taken) => {
      for (const delivered of taken.deliveries()) say(delivered, '+WPI');
    },
    /** Not confirmed: when it gets lost, the command comes back after the ack wait instead. */
    giveBack: (delivered: Delivered, delayMs: number) =>
      say(delivered, delayMs > 0 ? `-NAK {"delay":${nanos(delayMs)}}` : '-NAK'),
    async settle(taken: Taken, settlement: Settlement): Promise<void> {
      if (taken.released.aborted) return;
      if (settlement.kind !== 'back') {
        await end(taken, words[settlement.kind]);
        return;
      }
      for (const delivered of taken.deliveries()) this.giveBack(delivered, settlement.delayMs);
    },
  };
};

export type Settling = ReturnType<typeof createSettling>;
