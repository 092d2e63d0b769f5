import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerReadableStream, sendUnaryData } from '@grpc/grpc-js';
import { appendEvents } from './append-events.ts';
import { AppendSize } from './append-size.ts';
import { cancelled, serverNotReady, streamDeleted, toStatusError, unhandled } from './errors.ts';
import type { ProposedEvent } from './event-record.ts';
import { readExpected } from './expected-revision.ts';
import type { GroupCommit } from './group-commit.ts';
import { readProposedEvent } from './proposed.ts';
import { readName } from './stream-name.ts';
import { WireReader } from './wire-reader.ts';
import type { WriteResult } from './write-operations.ts';

const { AppendResp } = streamsPb;
type Options = streamsPb.AppendReq.Options;

/**
 * Appends what a client streams in: options first, then one event a message.
 * @param call delivers messages still encoded, see `streams-service.ts`
 * @param stopping aborted when the server stops
 */
export function classicAppend(
  commits: GroupCommit,
  maxAppendBytes: number,
  stopping: AbortSignal,
  call: ServerReadableStream<Buffer, streamsPb.AppendResp>,
  answer: sendUnaryData<streamsPb.AppendResp>,
): void {
  let options: Options | undefined;
  const events: ProposedEvent[] = [];
  const size = new AppendSize(commits, maxAppendBytes);
  let answered = false;

  const finish = (error: unknown, response?: streamsPb.AppendResp): void => {
    if (answered) return;
    answered = true;
    size.release();
    if (response === undefined) answer(toStatusError(error));
    else answer(null, response);
  };
  const receive = (request: Buffer): void => {
    const message = readMessage(request);
    const isFirst = options === undefined;
    if (message.kind === 'event' && !isFirst) {
      const event = readProposedEvent(message.bytes);
      size.add(event);
      events.push(event);
    } else if (message.kind === 'options' && isFirst) {
      options = streamsPb.AppendReq.Options.deserializeBinary(message.bytes);
    } else {
      throw unhandled();
    }
  };
  const write = async (): Promise<streamsPb.AppendResp> => {
    if (options === undefined) throw unhandled();
    const stream = readName(options.getStreamIdentifier());
    const expected = readExpected(options);
    const result = await appendEvents(commits, {
      stream,
      expected,
      events,
      reservedBytes: size.reservedBytes,
    });
    return toResponse(stream, options, result);
  };

  call.on('data', (request: Buffer) => {
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
  call.on('cancelled', () => finish(stopping.aborted ? serverNotReady() : cancelled()));
}

type Message = { readonly kind: 'options' | 'event'; readonly bytes: Uint8Array } | { readonly kind: 'none' };

/** Of several contents of one message the last one counts, as in every Protobuf decoder. */
function readMessage(request: Buffer): Message {
  let message: Message = { kind: 'none' };
  const reader = new WireReader(request);
  while (reader.next()) {
    if (reader.field === 1) message = { kind: 'options', bytes: reader.content };
    else if (reader.field === 2) message = { kind: 'event', bytes: reader.content };
  }
  return message;
}

function toResponse(stream: string, options: Options, result: WriteResult): streamsPb.AppendResp {
  switch (result.kind) {
    case 'streamDeleted':
      throw streamDeleted(stream);
    case 'wrongExpectedVersion':
      return new AppendResp().setWrongExpectedVersion(wrongExpectedVersion(options, result.revision));
    case 'written':
      return new AppendResp().setSuccess(success(result));
    default:
      return result satisfies never;
  }
}

function success({
  revision,
  position,
}: Extract<WriteResult, { kind: 'written' }>): streamsPb.AppendResp.Success {
  const message = new AppendResp.Success();
  if (revision < 0) message.setNoStream(new sharedPb.Empty());
  else message.setCurrentRevision(String(revision));
  if (position === undefined) return message.setNoPosition(new sharedPb.Empty());
  const at = String(position);
  return message.setPosition(new AppendResp.Position().setCommitPosition(at).setPreparePosition(at));
}

function wrongExpectedVersion(options: Options, current: number): streamsPb.AppendResp.WrongExpectedVersion {
  const message = new AppendResp.WrongExpectedVersion();
  if (current < 0) message.setCurrentNoStream(new sharedPb.Empty());
  else message.setCurrentRevision(String(current));
  if (options.hasRevision()) return message.setExpectedRevision(options.getRevision());
  if (options.hasNoStream()) return message.setExpectedNoStream(new sharedPb.Empty());
  if (options.hasStreamExists()) return message.setExpectedStreamExists(new sharedPb.Empty());
  return message.setExpectedAny(new sharedPb.Empty());
}
