import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { EventRecord } from './event-record.ts';
import { TOMBSTONE_REVISION } from './event-record.ts';
import type { ResolvedEvent } from './link.ts';
import { nameToWire } from './stream-name.ts';
import type { UuidForm } from './uuid.ts';
import { uuidToWire } from './uuid.ts';

const { ReadResp } = streamsPb;
const MAX_INT64 = '9223372036854775807';

export const JSON_CONTENT = 'application/json';
export const BINARY_CONTENT = 'application/octet-stream';

function recordedEvent(event: EventRecord, uuidForm: UuidForm): streamsPb.ReadResp.ReadEvent.RecordedEvent {
  const position = String(event.position);
  const message = new ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidToWire(event.id, uuidForm))
    .setStreamIdentifier(nameToWire(event.stream))
    .setStreamRevision(event.revision === TOMBSTONE_REVISION ? MAX_INT64 : String(event.revision))
    .setPreparePosition(position)
    .setCommitPosition(position)
    .setCustomMetadata(event.metadata)
    .setData(event.data);
  message
    .getMetadataMap()
    .set('type', event.type)
    // Milliseconds in ticks of 100 ns.
    .set('created', `${event.createdMs}0000`)
    .set('content-type', event.json ? JSON_CONTENT : BINARY_CONTENT);
  return message;
}

export function eventMessage({ original, target }: ResolvedEvent, uuidForm: UuidForm): streamsPb.ReadResp {
  const message = new ReadResp.ReadEvent().setCommitPosition(String(original.position));
  if (target === undefined) {
    message.setEvent(recordedEvent(original, uuidForm));
  } else {
    message.setLink(recordedEvent(original, uuidForm));
    if (target !== 'missing') message.setEvent(recordedEvent(target, uuidForm));
  }
  return new ReadResp().setEvent(message);
}

export const streamNotFoundMessage = (stream: string): streamsPb.ReadResp =>
  new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(nameToWire(stream)));

export const confirmationMessage = (subscriptionId: string): streamsPb.ReadResp =>
  new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(subscriptionId));

export const caughtUpMessage = (): streamsPb.ReadResp => new ReadResp().setCaughtUp(new ReadResp.CaughtUp());

export function checkpointMessage(position: number): streamsPb.ReadResp {
  const at = String(position);
  return new ReadResp().setCheckpoint(new ReadResp.Checkpoint().setCommitPosition(at).setPreparePosition(at));
}

export const allPosition = (position: number): sharedPb.AllStreamPosition =>
  new sharedPb.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position));
