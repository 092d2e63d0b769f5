import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { nameToWire } from './stream-name.ts';

const { ReadResp } = streamsPb;

/** Answers go out as bytes, as events do; see event-encoding.ts. */
const encoded = (message: streamsPb.ReadResp): Buffer => Buffer.from(message.serializeBinary());

export const streamNotFoundMessage = (stream: string): Buffer =>
  encoded(
    new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(nameToWire(stream))),
  );

export const confirmationMessage = (subscriptionId: string): Buffer =>
  encoded(
    new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(subscriptionId)),
  );

export const caughtUpMessage = (): Buffer => encoded(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));

export function checkpointMessage(position: number): Buffer {
  const at = String(position);
  return encoded(
    new ReadResp().setCheckpoint(new ReadResp.Checkpoint().setCommitPosition(at).setPreparePosition(at)),
  );
}

export const allPosition = (position: number): sharedPb.AllStreamPosition =>
  new sharedPb.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position));
