import type { ProposedEvent } from './event-record.ts';
import type { GroupCommit } from './group-commit.ts';
import { LONG_APPEND_EVENTS, appendLong } from './long-append.ts';
import { proposalOf } from './proposal.ts';
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

/** Writes an append with the next commit, a long one with several, so that others need not wait for it. Resolves when it is on disk. */
export function appendEvents(commits: GroupCommit, complete: CompleteAppend): Promise<WriteResult> {
  const { stream, expected, events, reservedBytes } = complete;
  if (events.length > LONG_APPEND_EVENTS) {
    return commits.inTurns(stream, (write) => appendLong(commits.log, write, complete));
  }
  return commits.submit(stream, reservedBytes, (log) => append(log, stream, expected, proposalOf(events)));
}
