import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import { StatusError, isTooLarge } from './errors.ts';
import { allPosition } from './read-messages.ts';

/** Why an append of a batch was not written. */
export type BatchFailure =
  | { readonly kind: 'wrongExpectedVersion'; readonly revision: number }
  | { readonly kind: 'streamDeleted' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable'; readonly message: string }
  | { readonly kind: 'tooLarge'; readonly maxAppendBytes: number }
  | { readonly kind: 'badRequest'; readonly message: string };

type Options = streamsPb.BatchAppendReq.Options;

export function batchSuccess(revision: number, position: number | undefined): streamsPb.BatchAppendResp {
  const success = new streamsPb.BatchAppendResp.Success();
  if (position === undefined) success.setNoPosition(new emptyPb.Empty());
  else success.setPosition(allPosition(position));
  if (revision < 0) success.setNoStream(new emptyPb.Empty());
  else success.setCurrentRevision(String(revision));
  return new streamsPb.BatchAppendResp().setSuccess(success);
}

/** What an error means for one append of a batch. */
export function toFailure(error: unknown, maxAppendBytes: number): BatchFailure {
  if (!(error instanceof StatusError)) return { kind: 'unknown' };
  if (isTooLarge(error)) return { kind: 'tooLarge', maxAppendBytes };
  return error.code === status.UNAVAILABLE
    ? { kind: 'unavailable', message: error.details }
    : { kind: 'badRequest', message: error.details };
}

/** The client looks for the cause in `details`, packed with its full type name. */
export function batchError(failure: BatchFailure, options: Options): streamsPb.BatchAppendResp {
  const { code, name, details } = describe(failure, options);
  const any = new anyPb.Any();
  any.pack(
    details.serializeBinary(),
    name === 'Empty' ? 'google.protobuf.Empty' : `event_store.client.${name}`,
  );
  const message = failure.kind === 'unavailable' ? failure.message : name;
  // Both enumerations have the numbers of google.rpc.Code; only the names of the types differ.
  const wireCode = code as number as Parameters<statusPb.Status['setCode']>[0];
  return new streamsPb.BatchAppendResp().setError(
    new statusPb.Status().setCode(wireCode).setMessage(message).setDetails(any),
  );
}

interface Description {
  readonly code: status;
  readonly name: string;
  readonly details: { serializeBinary(): Uint8Array };
}

function describe(failure: BatchFailure, options: Options): Description {
  switch (failure.kind) {
    case 'wrongExpectedVersion':
      return {
        code: status.ALREADY_EXISTS,
        name: 'WrongExpectedVersion',
        details: wrongExpectedVersion(failure.revision, options),
      };
    case 'streamDeleted':
      return {
        code: status.NOT_FOUND,
        name: 'StreamDeleted',
        details: new sharedPb.StreamDeleted().setStreamIdentifier(options.getStreamIdentifier()),
      };
    case 'timeout':
      return { code: status.DEADLINE_EXCEEDED, name: 'Timeout', details: new sharedPb.Timeout() };
    case 'unknown':
      return { code: status.UNKNOWN, name: 'Unknown', details: new sharedPb.Unknown() };
    case 'unavailable':
      return { code: status.UNAVAILABLE, name: 'Empty', details: new emptyPb.Empty() };
    case 'tooLarge':
      return {
        code: status.INVALID_ARGUMENT,
        name: 'MaximumAppendSizeExceeded',
        details: new sharedPb.MaximumAppendSizeExceeded().setMaxappendsize(failure.maxAppendBytes),
      };
    case 'badRequest':
      return {
        code: status.INVALID_ARGUMENT,
        name: 'BadRequest',
        details: new sharedPb.BadRequest().setMessage(failure.message),
      };
    default:
      return failure satisfies never;
  }
}

function wrongExpectedVersion(current: number, options: Options): sharedPb.WrongExpectedVersion {
  const message = new sharedPb.WrongExpectedVersion();
  if (current < 0) message.setCurrentNoStream(new emptyPb.Empty());
  else message.setCurrentStreamRevision(String(current));
  if (options.hasStreamPosition()) return message.setExpectedStreamPosition(options.getStreamPosition());
  if (options.hasNoStream()) return message.setExpectedNoStream(new emptyPb.Empty());
  if (options.hasStreamExists()) return message.setExpectedStreamExists(new emptyPb.Empty());
  return message.setExpectedAny(new emptyPb.Empty());
}
