import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readProposedEvent } from './proposed.ts';
import { uuidFromText } from './uuid.ts';

const id = '12345678-9abc-def0-1234-56789abcdef0';
const message = (uuid = new sharedPb.UUID().setString(id)) => {
  const proposed = new streamsPb.AppendReq.ProposedMessage().setId(uuid);
  proposed.getMetadataMap().set('type', 't').set('content-type', 'application/json');
  return proposed;
};

test('an event is read as the generated classes wrote it', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const type = fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' });
  fc.assert(
    fc.property(type, bytes, bytes, (name, data, metadata) => {
      const proposed = message().setData(data).setCustomMetadata(metadata);
      proposed.getMetadataMap().set('type', name).set('other', 'ignored');
      const event = readProposedEvent(proposed.serializeBinary());
      expect(event).toMatchObject({ id, type: name, json: true });
      expect(Buffer.from(event.data)).toEqual(Buffer.from(data));
      expect(Buffer.from(event.metadata)).toEqual(Buffer.from(metadata));
    }),
  );
});

test('bytes that are no message are refused, whatever they are', () => {
  const whole = message().setData(new Uint8Array(100)).serializeBinary();
  fc.assert(
    // Cut anywhere in the last field.
    fc.property(fc.integer({ min: 1, max: 101 }), (missing) => {
      expect(() => readProposedEvent(whole.subarray(0, whole.length - missing))).toThrow(
        expect.objectContaining({ name: 'StatusError' }),
      );
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        readProposedEvent(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: 'StatusError' });
      }
    }),
  );
});

describe('an id in text', () => {
  test.each([id, id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`, `(${id})`, ` ${id} `])(
    '%s is read',
    (text) => {
      expect(uuidFromText(text)).toBe(id);
    },
  );
  test.each(['no id', `{${id}`, `{${id})`, `{${id.replaceAll('-', '')}}`, id.replace('-', ''), `${id}0`])(
    '%s is refused',
    (text) => {
      expect(() => uuidFromText(text)).toThrow('is not a UUID');
    },
  );
});
