import type { JetStreamDelivery } from './jetstream-delivery.ts';

/**
 * A command that this process holds. JetStream may deliver it again meanwhile: its ack deadline passed, or the same command was stored twice.
 * The new delivery then joins the command, and of each stored message the newest delivery is the one to acknowledge.
 */
export interface InFlightCommand {
  readonly key: string;
  /** Aborted when this process must not acknowledge the command any more. */
  readonly released: AbortSignal;
  release(): void;
  join(delivery: JetStreamDelivery): void;
  deliveries(): readonly JetStreamDelivery[];
}

export const createInFlightCommand = (key: string, first: JetStreamDelivery): InFlightCommand => {
  const bySequence = new Map<string, JetStreamDelivery>();
  const released = new AbortController();
  const join = (delivery: JetStreamDelivery) =>
    void bySequence.set(`${delivery.born} ${delivery.sequence}`, delivery);
  join(first);
  return {
    key,
    released: released.signal,
    release: () => released.abort(),
    join,
    deliveries: () => [...bySequence.values()],
  };
};
