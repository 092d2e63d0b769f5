import { systemClock, type Clock } from '@alfa-cloud/service-kit';
import type { AlfaEvent } from '@alfa-cloud/contracts';
import { decodeEvent, encodeEvents } from './event-codec.ts';
import { WrongRevision, type EventStore, type RecordedEvent } from './event-store.ts';

/** An event store in memory, for tests. */
export interface InMemoryEventStore extends EventStore {
  /** Every event in the order of its position. */
  all(): RecordedEvent[];
  /** Makes the next append throw `error`, `before` it takes effect or `after` it, like a lost answer. Several of them queue up. */
  failNextAppend(moment: 'before' | 'after', error: Error): void;
}

/**
 * Keeps to the contract of {@link EventStore} as the server does: exact revisions, all or none, repeated appends recognised by their ids.
 */
export const inMemoryEventStore = (options: { clock?: Clock } = {}): InMemoryEventStore => {
  const { clock = systemClock } = options;
  const log: RecordedEvent[] = [];
  const streams = new Map<string, RecordedEvent[]>();
  const failures: { moment: 'before' | 'after'; error: Error }[] = [];

  return {
    all: () => [...log],
    failNextAppend: (moment, error) => failures.push({ moment, error }),

    async read<Event extends AlfaEvent>(
      stream: string,
      { fromRevision = 0n }: { fromRevision?: bigint } = {},
    ) {
      const events = (streams.get(stream) ?? []).slice(Number(fromRevision)) as RecordedEvent<Event>[];
      return { events, revision: events.at(-1)?.revision ?? null };
    },

    async append(stream, events, { expectedRevision, cause }) {
      const failure = failures.shift();
      if (failure?.moment === 'before') throw failure.error;
      const encoded = encodeEvents(events, cause, clock);
      const present = streams.get(stream) ?? [];
      const begin = expectedRevision === 'no_stream' ? 0 : Number(expectedRevision) + 1;
      if (begin < present.length || encoded.length === 0) {
        const repeated =
          encoded.length > 0 && encoded.every(({ id }, index) => present[begin + index]?.id === id);
        if (!repeated) throw new WrongRevision(stream);
      } else if (begin > present.length) {
        throw new WrongRevision(stream);
      } else {
        for (const event of encoded) {
          const place = { stream, revision: BigInt(present.length), position: BigInt(log.length + 1) * 100n };
          // A copy through JSON, as the wire makes it: nobody shares an object with the log.
          const recorded = decodeEvent(JSON.parse(JSON.stringify(event)) as typeof event, place);
          present.push(recorded);
          log.push(recorded);
        }
        streams.set(stream, present);
      }
      if (failure?.moment === 'after') throw failure.error;
      const last = present[begin + encoded.length - 1];
      return { revision: last?.revision ?? 0n, position: last?.position ?? 0n };
    },
  };
};
