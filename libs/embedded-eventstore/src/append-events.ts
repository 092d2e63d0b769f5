import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProposedEvent } from './event-record.ts';
import type { GroupCommit } from './group-commit.ts';
import type { LogStore } from './log-store.ts';
import { LONG_APPEND_EVENTS, proposalOf, stagedProposal } from './proposal.ts';
import type { WriteResult } from './write-operations.ts';
import { append } from './write-operations.ts';

/** An append that has arrived as a whole. */
export interface CompleteAppend {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly ProposedEvent[];
  /** Memory that the caller has reserved for it. */
  readonly reservedBytes: number;
}

/** Writes an append with the next commit; a long one is staged first, so that others need not wait for it. Resolves when it is on disk. */
export async function appendEvents(
  commits: GroupCommit,
  { stream, expected, events, reservedBytes }: CompleteAppend,
): Promise<WriteResult> {
  if (events.length <= LONG_APPEND_EVENTS) {
    return commits.submit(stream, reservedBytes, (log) => append(log, stream, expected, proposalOf(events)));
  }
  const proposal = stagedProposal(commits.log, events);
  const write = (log: LogStore): WriteResult => append(log, stream, expected, proposal);
  try {
    return await commits.submit(stream, reservedBytes, write, proposal.staged);
  } finally {
    // Calls that waited for the commit are served first.
    await nextTurn();
    proposal.dispose();
  }
}
