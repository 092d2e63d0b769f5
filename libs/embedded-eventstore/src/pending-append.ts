import type sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from './append.ts';
import { AppendSize } from './append-size.ts';
import { invalidArgument } from './errors.ts';
import type { ProposedEvent } from './event-record.ts';
import { expectedFromRevision } from './expected-revision.ts';
import type { GroupCommit } from './group-commit.ts';
import { readName } from './stream-name.ts';

type Options = streamsPb.BatchAppendReq.Options;

/** Longest time that the parts of one append may take to arrive, whatever deadline the client gives, ms. */
const MAX_WAIT_MS = 2000;

/** One append of a batch call whose parts are still coming in. */
export interface PendingAppend {
  readonly correlationId: sharedPb.UUID | undefined;
  readonly options: Options;
  readonly events: ProposedEvent[];
  readonly size: AppendSize;
  timer: NodeJS.Timeout | undefined;
}

export const pendingAppend = (
  correlationId: sharedPb.UUID | undefined,
  options: Options,
  commits: GroupCommit,
  maxAppendBytes: number,
): PendingAppend => ({
  correlationId,
  options,
  events: [],
  size: new AppendSize(commits, maxAppendBytes),
  timer: undefined,
});

/** What an append asks for besides its events. @throws StatusError when that makes no sense */
export const targetOf = (options: Options): { stream: string; expected: number } => ({
  stream: readName(options.getStreamIdentifier()),
  expected: readExpected(options),
});

/** Time that the parts have to arrive, ms; none or less when it has passed already. */
export function waitMsOf(options: Options): number {
  const deadline = options.getDeadline();
  const remainingMs = deadline === undefined ? MAX_WAIT_MS : deadline.toDate().getTime() - Date.now();
  return Math.min(MAX_WAIT_MS, remainingMs);
}

function readExpected(options: Options): number {
  if (options.hasStreamPosition()) return expectedFromRevision(options.getStreamPosition());
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasStreamExists()) return STREAM_EXISTS;
  if (options.hasAny()) return ANY;
  throw invalidArgument('An expected stream revision is required.');
}
