import { setImmediate as nextTurn } from 'node:timers/promises';
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

/** Most events that are written one by one; more of them would keep others waiting. */
export const LONG_APPEND_EVENTS = 500;

export const proposalOf = (events: readonly ProposedEvent[]): Proposal => ({
  ids: events.map(({ id }) => id),
  newest: events.at(-1),
  write(log, streamId, revision) {
    let position = 0;
    for (const [index, event] of events.entries()) position = log.addEvent(streamId, revision + index, event);
    return position;
  },
});

/** A proposal whose events are first copied to a temporary table, from which one statement writes them. */
export interface StagedProposal extends Proposal {
  /** Resolves when {@link Proposal.write} may be called. */
  readonly staged: Promise<void>;
  /** Gives the memory back. */
  dispose(): void;
}

let batches = 0;
const STAGED_A_TURN = 500;

/**
 * Stages a long append in steps, between which other calls get their turn, so that one statement is left for its transaction.
 * The caller disposes of it when the append has been answered.
 */
export function stagedProposal(log: LogStore, events: readonly ProposedEvent[]): StagedProposal {
  batches += 1;
  const batch = batches;
  const stage = async (): Promise<void> => {
    for (const [place, event] of events.entries()) {
      log.stage(batch, place, event);
      if (place % STAGED_A_TURN === STAGED_A_TURN - 1) await nextTurn();
    }
    // Otherwise the commit may do it, and others would wait for both at once.
    log.checkpoint();
    await nextTurn();
  };
  return {
    ids: events.map(({ id }) => id),
    newest: events.at(-1),
    staged: stage(),
    write: (to, streamId, revision) => to.addStaged(streamId, revision, batch),
    dispose: () => log.unstage(batch),
  };
}
