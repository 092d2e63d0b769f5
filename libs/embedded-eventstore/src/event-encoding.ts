import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { EventRecord } from './event-record.ts';
import { TOMBSTONE_REVISION } from './event-record.ts';
import type { ResolvedEvent } from './link.ts';
import { nameToWire } from './stream-name.ts';
import type { UuidForm } from './uuid.ts';
import { uuidFromBytes, uuidToWire } from './uuid.ts';
import { LENGTH_DELIMITED, VARINT, WireWriter, fieldSize, tag, varintSize } from './wire-writer.ts';

/*
 * The answer that carries an event (`ReadResp.event`), encoded by hand: the generated classes take several times as long, and reading is what an event store
 * does most. event-encoding.test.ts compares it with theirs.
 */

const MAX_INT64 = Buffer.from('ffffffffffffffff7f', 'hex');
const CREATED = Buffer.from('created');
/** Most entries of either cache: encoded stream names, and encoded types with their content type. */
const REMEMBERED_MAX = 2000;

export const JSON_CONTENT = 'application/json';
const BINARY_CONTENT = 'application/octet-stream';

/** Encodes an event as read, with what it links to. */
export function encodeEvent({ original, target }: ResolvedEvent, uuidForm: UuidForm): Buffer {
  const event = target === undefined ? original : target === 'missing' ? undefined : target;
  const link = target === undefined ? undefined : original;
  const eventPlan = event && plan(event, uuidForm);
  const linkPlan = link && plan(link, uuidForm);
  const length =
    (eventPlan === undefined ? 0 : fieldSize(eventPlan.length)) +
    (linkPlan === undefined ? 0 : fieldSize(linkPlan.length)) +
    1 +
    varintSize(original.position);
  const writer = new WireWriter(fieldSize(length));
  // ReadResp.event, in it ReadEvent.event, link and commit_position.
  writer.field(1, length);
  if (eventPlan !== undefined) writeRecorded(writer, 1, eventPlan);
  if (linkPlan !== undefined) writeRecorded(writer, 2, linkPlan);
  writer.byte(tag(3, VARINT));
  writer.varint(original.position);
  return writer.buffer;
}

/** Everything that an event's bytes are made of, and how many there will be. */
interface Plan {
  readonly event: EventRecord;
  readonly id: Uint8Array;
  readonly name: Uint8Array;
  readonly description: Uint8Array;
  readonly created: string;
  readonly createdLength: number;
  readonly length: number;
}

function plan(event: EventRecord, uuidForm: UuidForm): Plan {
  const { id, position, revision, metadata, data } = event;
  const encodedId = uuidForm === 'string' ? encodedText(id) : encodedStructure(id);
  const name = encodedName(event.stream);
  const description = encodedDescription(event);
  const created = ticksOf(event.createdMs);
  const createdLength = fieldSize(CREATED.length) + fieldSize(created.length);
  const revisionSize = revision === TOMBSTONE_REVISION ? MAX_INT64.length : varintSize(revision);
  const length =
    encodedId.length +
    name.length +
    (revision === 0 ? 0 : 1 + revisionSize) +
    2 * (1 + varintSize(position)) +
    description.length +
    fieldSize(createdLength) +
    (metadata.length === 0 ? 0 : fieldSize(metadata.length)) +
    (data.length === 0 ? 0 : fieldSize(data.length));
  return { event, id: encodedId, name, description, created, createdLength, length };
}

/** RecordedEvent: fields at their default value are left out, as every encoder does. */
function writeRecorded(writer: WireWriter, field: number, planned: Plan): void {
  const { position, revision, metadata, data } = planned.event;
  writer.field(field, planned.length);
  writer.bytes(planned.id);
  writer.bytes(planned.name);
  if (revision !== 0) {
    writer.byte(tag(3, VARINT));
    if (revision === TOMBSTONE_REVISION) writer.bytes(MAX_INT64);
    else writer.varint(revision);
  }
  writer.byte(tag(4, VARINT));
  writer.varint(position);
  writer.byte(tag(5, VARINT));
  writer.varint(position);
  writer.bytes(planned.description);
  writer.field(6, planned.createdLength);
  writer.field(1, CREATED.length);
  writer.bytes(CREATED);
  writer.field(2, planned.created.length);
  writer.ascii(planned.created);
  if (metadata.length > 0) {
    writer.field(7, metadata.length);
    writer.bytes(metadata);
  }
  if (data.length > 0) {
    writer.field(8, data.length);
    writer.bytes(data);
  }
}

/** RecordedEvent.id with UUID.string in it, up to the text. */
const HEX_DIGITS = Buffer.from('0123456789abcdef');
const DASH = '-'.charCodeAt(0);
const TEXT_ID_START = Buffer.from([tag(1, LENGTH_DELIMITED), 38, tag(2, LENGTH_DELIMITED), 36]);

/** Digit by digit: a text made first would cost five times as much. */
function encodedText(id: Uint8Array): Uint8Array {
  const writer = new WireWriter(TEXT_ID_START.length + 36);
  writer.bytes(TEXT_ID_START);
  for (let index = 0; index < id.length; index += 1) {
    const byte = id[index] as number;
    if (index === 4 || index === 6 || index === 8 || index === 10) writer.byte(DASH);
    writer.byte(HEX_DIGITS[byte >> 4] as number);
    writer.byte(HEX_DIGITS[byte & 15] as number);
  }
  return writer.buffer;
}

let lastMs = Number.NaN;
let lastTicks = '';
/** Milliseconds in ticks of 100 ns. Events that stand together often have the same time. */
function ticksOf(createdMs: number): string {
  if (createdMs !== lastMs) {
    lastMs = createdMs;
    lastTicks = `${createdMs}0000`;
  }
  return lastTicks;
}

function encodedStructure(id: Uint8Array): Uint8Array {
  const uuid = uuidToWire(uuidFromBytes(id), 'structured');
  return new streamsPb.ReadResp.ReadEvent.RecordedEvent().setId(uuid).serializeBinary();
}

const encodedName = remembered(
  (stream) => stream,
  (stream: string) =>
    new streamsPb.ReadResp.ReadEvent.RecordedEvent().setStreamIdentifier(nameToWire(stream)),
);

/** The two entries of the metadata map that many events share. */
const encodedDescription = remembered(
  ({ type, json }: Pick<EventRecord, 'type' | 'json'>) => `${json ? 'j' : 'b'}${type}`,
  ({ type, json }) => {
    const message = new streamsPb.ReadResp.ReadEvent.RecordedEvent();
    message
      .getMetadataMap()
      .set('type', type)
      .set('content-type', json ? JSON_CONTENT : BINARY_CONTENT);
    return message;
  },
);

function remembered<Value>(
  keyOf: (value: Value) => string,
  encode: (value: Value) => { serializeBinary(): Uint8Array },
): (value: Value) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (value) => {
    const key = keyOf(value);
    let bytes = known.get(key);
    if (bytes === undefined) {
      bytes = encode(value).serializeBinary();
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(key, bytes);
    }
    return bytes;
  };
}
