import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from './append.ts';
import { invalidArgument } from './errors.ts';

type Options = streamsPb.AppendReq.Options | streamsPb.DeleteReq.Options | streamsPb.TombstoneReq.Options;

const MAX_UINT64 = '18446744073709551615';

/** An unsigned revision; the largest one is how some clients write "no stream". */
export const expectedFromRevision = (decimal: string): number =>
  decimal === MAX_UINT64 ? NO_STREAM : Math.min(Number(decimal), Number.MAX_SAFE_INTEGER);

/** Reads which revision the client expects the stream to have. @throws StatusError when it says nothing about that */
export function readExpected(options: Options): number {
  if (options.hasRevision()) return expectedFromRevision(options.getRevision());
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasStreamExists()) return STREAM_EXISTS;
  if (options.hasAny()) return ANY;
  throw invalidArgument('An expected stream revision is required.');
}
