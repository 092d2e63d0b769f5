import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { missingRequiredMetadata, unknownError } from './errors.ts';
import { JSON_CONTENT } from './event-encoding.ts';
import type { ProposedEvent } from './event-record.ts';
import { ZERO_UUID, uuidFromText, uuidFromWire } from './uuid.ts';
import { WireReader } from './wire-reader.ts';

/** Reads and checks an event that is to be written, an encoded `ProposedMessage` of either append. @throws StatusError */
export function readProposedEvent(message: Uint8Array): ProposedEvent {
  let id = ZERO_UUID;
  let type: string | undefined;
  let contentType: string | undefined;
  let metadata: Uint8Array = NO_BYTES;
  let data: Uint8Array = NO_BYTES;
  const reader = new WireReader(message);
  while (reader.next()) {
    if (reader.field === 1) id = readId(reader.content);
    else if (reader.field === 3) metadata = reader.content;
    else if (reader.field === 4) data = reader.content;
    else if (reader.field === 2) {
      const { key, value } = readEntry(reader.content);
      if (key === 'type') type = value;
      else if (key === 'content-type') contentType = value;
    }
  }
  if (type === undefined) throw missingRequiredMetadata('type');
  if (contentType === undefined) throw missingRequiredMetadata('content-type');
  if (type === '') throw unknownError('An event type is required.');
  if (id === ZERO_UUID) throw unknownError('An event id is required.');
  return { id, type, json: contentType === JSON_CONTENT, metadata, data };
}

const NO_BYTES = new Uint8Array();

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

function readEntry(bytes: Uint8Array): { key: string; value: string } {
  let key = '';
  let value = '';
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) key = textOf(reader.content);
    else if (reader.field === 2) value = textOf(reader.content);
  }
  return { key, value };
}

/** Clients send the text form; the structured one is left to the generated class. */
function readId(bytes: Uint8Array): string {
  const reader = new WireReader(bytes);
  if (reader.next() && reader.field === 2) return uuidFromText(textOf(reader.content));
  return uuidFromWire(sharedPb.UUID.deserializeBinary(bytes));
}
