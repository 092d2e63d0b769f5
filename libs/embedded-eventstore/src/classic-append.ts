import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerReadableStream, sendUnaryData } from '@grpc/grpc-js';
import {
  cancelled,
  invalidArgument,
  maximumAppendSizeExceeded,
  streamDeleted,
  toStatusError,
} from './errors.ts';
import type { ProposedEvent } from './event-record.ts';
import { bytesOf } from './event-record.ts';
import { readExpected } from './expected-revision.ts';
import type { GroupCommit } from './group-commit.ts';
import { readProposedEvent } from './proposed.ts';
import { readName } from './stream-name.ts';
import type { WriteResult } from './write-operations.ts';
import { append } from './write-operations.ts';

const { AppendResp } = streamsPb;

/** Most that the events of one append may take up with everything, so that small data with huge metadata is bounded too. */
export const MAX_APPEND_TOTAL_BYTES = 16 * 1024 * 1024;

/** Appends what a client streams in: options first, then one event a message. */
export function classicAppend(
  commits: GroupCommit,
  maxAppendBytes: number,
  call: ServerReadableStream<streamsPb.AppendReq, streamsPb.AppendResp>,
  answer: sendUnaryData<streamsPb.AppendResp>,
): void {
  let options: streamsPb.AppendReq.Options | undefined;
  const events: ProposedEvent[] = [];
  let reserved = 0;
  let dataBytes = 0;
  let answered = false;

  const finish = (error: unknown, response?: streamsPb.AppendResp): void => {
    if (answered) return;
    answered = true;
    commits.release(reserved);
    if (response === undefined) answer(toStatusError(error));
    else answer(null, response);
  };
  const receive = (request: streamsPb.AppendReq): void => {
    options ??= request.getOptions();
    const message = request.getProposedMessage();
    if (message === undefined) return;
    const event = readProposedEvent(message);
    const bytes = bytesOf(event);
    commits.reserve(bytes);
    reserved += bytes;
    dataBytes += event.data.length;
    if (dataBytes > maxAppendBytes || reserved > MAX_APPEND_TOTAL_BYTES) {
      throw maximumAppendSizeExceeded(maxAppendBytes);
    }
    events.push(event);
  };
  const write = async (): Promise<streamsPb.AppendResp> => {
    if (options === undefined)
      throw invalidArgument('The first message of an append has to carry its options.');
    const stream = readName(options.getStreamIdentifier());
    const expected = readExpected(options);
    const result = await commits.submit(stream, reserved, (log) => append(log, stream, expected, events));
    return toResponse(stream, options, result);
  };

  call.on('data', (request: streamsPb.AppendReq) => {
    if (answered) return;
    try {
      receive(request);
    } catch (error) {
      finish(error);
    }
  });
  call.on('end', () => {
    if (!answered) write().then((response) => finish(undefined, response), finish);
  });
  call.on('cancelled', () => finish(cancelled()));
}

function toResponse(
  stream: string,
  options: streamsPb.AppendReq.Options,
  result: WriteResult,
): streamsPb.AppendResp {
  switch (result.kind) {
    case 'streamDeleted':
      throw streamDeleted(stream);
    case 'wrongExpectedVersion':
      return new AppendResp().setWrongExpectedVersion(wrongExpectedVersion(options, result.revision));
    case 'written': {
      const position = String(result.position);
      const success = new AppendResp.Success().setPosition(
        new AppendResp.Position().setCommitPosition(position).setPreparePosition(position),
      );
      if (result.revision < 0) success.setNoStream(new sharedPb.Empty());
      else success.setCurrentRevision(String(result.revision));
      return new AppendResp().setSuccess(success);
    }
    default:
      return result satisfies never;
  }
}

function wrongExpectedVersion(
  options: streamsPb.AppendReq.Options,
  current: number,
): streamsPb.AppendResp.WrongExpectedVersion {
  const message = new AppendResp.WrongExpectedVersion();
  if (current < 0) message.setCurrentNoStream(new sharedPb.Empty());
  else message.setCurrentRevision(String(current));
  if (options.hasRevision()) return message.setExpectedRevision(options.getRevision());
  if (options.hasNoStream()) return message.setExpectedNoStream(new sharedPb.Empty());
  if (options.hasStreamExists()) return message.setExpectedStreamExists(new sharedPb.Empty());
  return message.setExpectedAny(new sharedPb.Empty());
}
