import type { Delivered } from './delivered.ts';

/**
 * A command in the hands of this process. When JetStream delivers it again meanwhile (its heartbeats were lost, or the same
 * command was stored twice), the new delivery joins it: the newest one of each stored message is the one that counts.
 */
export interface Taken {
  readonly key: string;
  /** Aborted once it is no longer this process's to settle. */
  readonly released: AbortSignal;
  release(): void;
  join(delivered: Delivered): void;
  deliveries(): readonly Delivered[];
}

export const take = (key: string, first: Delivered): Taken => {
  const bySequence = new Map<string, Delivered>();
  const released = new AbortController();
  const join = (delivered: Delivered) =>
    void bySequence.set(`${delivered.born} ${delivered.sequence}`, delivered);
  join(first);
  return {
    key,
    released: released.signal,
    release: () => released.abort(),
    join,
    deliveries: () => [...bySequence.values()],
  };
};
