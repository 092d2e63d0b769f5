import { backoffMs, sleep } from '@alfa-cloud/service-kit';
import { nanos } from '@nats-io/transport-node';
import type { Link } from '../connection/link.ts';
import type { InFlightCommand } from './in-flight-command.ts';
import type { JetStreamDelivery } from './jetstream-delivery.ts';

/** How a delivered command is acknowledged. */
export type Acknowledgement =
  /** `ack` and `terminate` remove it from the queue, as handled or as not handled; `requeue` has it delivered again. */
  { kind: 'ack' } | { kind: 'terminate' } | { kind: 'requeue'; delayMs: number };

const callMs = 2000;
const words = { ack: '+ACK', terminate: '+TERM' } as const;

/** Sends acknowledgements to JetStream. */
export const createAcknowledgements = (link: Link) => {
  /** Sequence numbers of a lost stream denote other commands in the stream that replaced it. */
  const isCurrent = (delivery: JetStreamDelivery) => delivery.born === link.streamBorn();

  /** Repeats the word until the server confirms it or the command is released: if it got lost, the command would run again. */
  const sendConfirmed = async (command: InFlightCommand, word: string): Promise<void> => {
    const confirmed = new Set<string>();
    for (let attempt = 1; !command.released.aborted; attempt += 1) {
      try {
        await link.ready(60_000, command.released);
        const open = command.deliveries().filter((each) => isCurrent(each) && !confirmed.has(each.ack));
        if (open.length === 0) return;
        for (const delivery of open) {
          await link.attempt((nats) => nats.request(delivery.ack, word, { timeout: callMs }));
          confirmed.add(delivery.ack);
        }
        return;
      } catch (error) {
        if (command.released.aborted) return;
        link.logger.warn({ err: error, command: command.key }, 'The end of a command is not confirmed yet');
        await sleep(backoffMs(attempt, 200, 5000), command.released).catch(() => {});
      }
    }
  };

  const send = (delivery: JetStreamDelivery, word: string): void => {
    if (link.isReady() && isCurrent(delivery)) link.connection.publish(delivery.ack, word);
  };

  return {
    /** Extends the ack deadline. */
    inProgress: (command: InFlightCommand) => {
      for (const delivery of command.deliveries()) send(delivery, '+WPI');
    },
    /** Returns a delivery to the queue. Not confirmed: if it gets lost, the command is delivered again after the ack wait. */
    requeue: (delivery: JetStreamDelivery, delayMs: number) =>
      send(delivery, delayMs > 0 ? `-NAK {"delay":${nanos(delayMs)}}` : '-NAK'),
    async acknowledge(command: InFlightCommand, acknowledgement: Acknowledgement): Promise<void> {
      if (command.released.aborted) return;
      if (acknowledgement.kind !== 'requeue') {
        await sendConfirmed(command, words[acknowledgement.kind]);
        return;
      }
      for (const delivery of command.deliveries()) this.requeue(delivery, acknowledgement.delayMs);
    },
  };
};
