import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { missingRequiredMetadata, unknownError } from './errors.ts';
import type { ProposedEvent } from './event-record.ts';
import { JSON_CONTENT } from './read-messages.ts';
import { ZERO_UUID, uuidFromWire } from './uuid.ts';

type ProposedMessage = streamsPb.AppendReq.ProposedMessage | streamsPb.BatchAppendReq.ProposedMessage;

/** Reads and checks an event that is to be written. @throws StatusError */
export function readProposedEvent(message: ProposedMessage): ProposedEvent {
  const properties = message.getMetadataMap();
  const type = properties.get('type');
  if (type === undefined) throw missingRequiredMetadata('type');
  const contentType = properties.get('content-type');
  if (contentType === undefined) throw missingRequiredMetadata('content-type');
  if (type === '') throw unknownError('An event type is required.');
  const id = uuidFromWire(message.getId());
  if (id === ZERO_UUID) throw unknownError('An event id is required.');
  return {
    id,
    type,
    json: contentType === JSON_CONTENT,
    metadata: message.getCustomMetadata_asU8(),
    data: message.getData_asU8(),
  };
}
