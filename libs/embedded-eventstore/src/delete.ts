import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { sendUnaryData } from '@grpc/grpc-js';
import { ANY, NO_STREAM, STREAM_EXISTS } from './append.ts';
import { streamDeleted, toStatusError, unhandled, wrongExpectedVersion } from './errors.ts';
import { readExpected } from './expected-revision.ts';
import type { GroupCommit } from './group-commit.ts';
import type { LogStore } from './log-store.ts';
import { readName } from './stream-name.ts';
import type { WriteResult } from './write-operations.ts';
import { softDelete, tombstone } from './write-operations.ts';

type Options = streamsPb.DeleteReq.Options | streamsPb.TombstoneReq.Options;
type Remove = (log: LogStore, stream: string, expected: number) => WriteResult;

/** Bytes as which a deletion counts in the queue of writes. */
const DELETE_BYTES = 256;

export function serveDelete(
  commits: GroupCommit,
  request: streamsPb.DeleteReq,
  answer: sendUnaryData<streamsPb.DeleteResp>,
): void {
  remove(commits, request.getOptions(), softDelete).then((position) => {
    const at = new streamsPb.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position);
    answer(null, new streamsPb.DeleteResp().setPosition(at));
  }, rejectWith(answer));
}

export function serveTombstone(
  commits: GroupCommit,
  request: streamsPb.TombstoneReq,
  answer: sendUnaryData<streamsPb.TombstoneResp>,
): void {
  remove(commits, request.getOptions(), tombstone).then((position) => {
    const at = new streamsPb.TombstoneResp.Position()
      .setCommitPosition(position)
      .setPreparePosition(position);
    answer(null, new streamsPb.TombstoneResp().setPosition(at));
  }, rejectWith(answer));
}

const rejectWith =
  (answer: sendUnaryData<never>) =>
  (error: unknown): void =>
    answer(toStatusError(error));

/** Resolves to the position of the event that the removal wrote. */
async function remove(commits: GroupCommit, options: Options | undefined, how: Remove): Promise<string> {
  if (options === undefined) throw unhandled();
  const stream = readName(options.getStreamIdentifier());
  const expected = readExpected(options);
  commits.reserve(DELETE_BYTES);
  let result: WriteResult;
  try {
    result = await commits.submit(stream, DELETE_BYTES, (log) => how(log, stream, expected));
  } finally {
    commits.release(DELETE_BYTES);
  }
  switch (result.kind) {
    case 'written':
      return String(result.position);
    case 'streamDeleted':
      throw streamDeleted(stream);
    case 'wrongExpectedVersion':
      throw wrongExpectedVersion(stream, expectedText(options, expected), result.revision);
    default:
      return result satisfies never;
  }
}

/** The text that the client sent: as a number, a revision above 2^53 would be rounded. */
const expectedText = (options: Options, expected: number): string =>
  expected === NO_STREAM || expected === ANY || expected === STREAM_EXISTS
    ? String(expected)
    : options.getRevision();
