import type { ProposedEvent } from './event-record.ts';
import type { LogStore } from './log-store.ts';

/** The events of one append, and how they get into the log. */
export interface Proposal {
  readonly ids: readonly string[];
  /** The last event; in a metadata stream it is the one that applies. */
  readonly newest: ProposedEvent | undefined;
  /** Writes all events from that revision on and returns the position of the last one. Call it inside a transaction. */
  write(log: LogStore, streamId: number, revision: number): number;
}

export const proposalOf = (events: readonly ProposedEvent[]): Proposal => ({
  ids: events.map(({ id }) => id),
  newest: events.at(-1),
  write(log, streamId, revision) {
    let position = 0;
    for (const [index, event] of events.entries()) position = log.addEvent(streamId, revision + index, event);
    return position;
  },
});
