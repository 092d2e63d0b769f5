import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeEvent } from './event-encoding.ts';
import type { EventRecord } from './event-record.ts';
import { TOMBSTONE_REVISION } from './event-record.ts';
import { nameToWire } from './stream-name.ts';
import { uuidFromBytes, uuidToWire } from './uuid.ts';
import type { UuidForm } from './uuid.ts';

const { RecordedEvent } = streamsPb.ReadResp.ReadEvent;

/** The same by the generated classes. */
function generated(event: EventRecord, form: UuidForm): streamsPb.ReadResp.ReadEvent.RecordedEvent {
  const message = new RecordedEvent()
    .setId(uuidToWire(uuidFromBytes(event.id), form))
    .setStreamIdentifier(nameToWire(event.stream))
    .setStreamRevision(event.revision === TOMBSTONE_REVISION ? '9223372036854775807' : String(event.revision))
    .setPreparePosition(String(event.position))
    .setCommitPosition(String(event.position))
    .setCustomMetadata(event.metadata)
    .setData(event.data);
  message
    .getMetadataMap()
    .set('type', event.type)
    .set('created', `${event.createdMs}0000`)
    .set('content-type', event.json ? 'application/json' : 'application/octet-stream');
  return message;
}

const number = fc.oneof(fc.nat(300), fc.maxSafeNat());
const events: fc.Arbitrary<EventRecord> = fc.record({
  position: number.map((position) => Math.max(1, position)),
  streamId: fc.constant(1),
  stream: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }),
  revision: fc.oneof(number, fc.constant(TOMBSTONE_REVISION)),
  createdMs: fc.nat(2_000_000_000_000),
  json: fc.boolean(),
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  type: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }),
  metadata: fc.uint8Array({ maxLength: 300 }),
  data: fc.uint8Array({ maxLength: 300 }),
});
const targets = fc.oneof(fc.constant(undefined), fc.constant('missing' as const), events);
const forms = fc.constantFrom<UuidForm>('string', 'structured');

test('an event is encoded as the generated classes do', () => {
  fc.assert(
    fc.property(events, targets, forms, (original, target, form) => {
      const message = new streamsPb.ReadResp.ReadEvent().setCommitPosition(String(original.position));
      if (target === undefined) message.setEvent(generated(original, form));
      else message.setLink(generated(original, form));
      if (typeof target === 'object') message.setEvent(generated(target, form));
      const expected = new streamsPb.ReadResp().setEvent(message).serializeBinary();
      const encoded = encodeEvent(target === undefined ? { original } : { original, target }, form);
      expect(encoded).toHaveLength(expected.length);
      const decode = (bytes: Uint8Array) => streamsPb.ReadResp.deserializeBinary(bytes).toObject();
      expect(decode(encoded)).toEqual(decode(expected));
    }),
  );
});
