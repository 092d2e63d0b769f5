import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { WireReader } from './wire-reader.ts';

/** One part of an append of a batch, its events still encoded. */
export interface BatchRequest {
  readonly correlationId: sharedPb.UUID | undefined;
  readonly options: streamsPb.BatchAppendReq.Options | undefined;
  readonly events: readonly Uint8Array[];
  readonly isFinal: boolean;
}

/** @throws StatusError when it is no well-formed message */
export function readBatchRequest(request: Uint8Array): BatchRequest {
  let correlationId: sharedPb.UUID | undefined;
  let options: streamsPb.BatchAppendReq.Options | undefined;
  const events: Uint8Array[] = [];
  let isFinal = false;
  const reader = new WireReader(request);
  while (reader.next()) {
    if (reader.field === 1) correlationId = sharedPb.UUID.deserializeBinary(reader.content);
    else if (reader.field === 2) {
      options = streamsPb.BatchAppendReq.Options.deserializeBinary(reader.content);
    } else if (reader.field === 3) events.push(reader.content);
    else if (reader.field === 4) isFinal = reader.value !== 0;
  }
  return { correlationId, options, events, isFinal };
}
