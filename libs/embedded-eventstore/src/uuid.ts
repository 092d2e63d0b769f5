import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { unknownError } from './errors.ts';

/** In which of its two forms the client wants UUIDs back. */
export type UuidForm = 'string' | 'structured';

export const ZERO_UUID = '00000000-0000-0000-0000-000000000000';

const UUID_PATTERN = /^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/;

const withDashes = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

export const uuidFromBytes = (bytes: Uint8Array): string =>
  withDashes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex'));

export const uuidToBytes = (uuid: string): Uint8Array => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** Reads either form; an absent UUID is the zero one. Throws a status for text that is no UUID. */
export function uuidFromWire(uuid: sharedPb.UUID | undefined): string {
  if (uuid === undefined) return ZERO_UUID;
  const structured = uuid.getStructured();
  if (structured !== undefined) {
    return withDashes(
      hex64(structured.getMostSignificantBits()) + hex64(structured.getLeastSignificantBits()),
    );
  }
  const text = uuid.getString().toLowerCase();
  if (text === '') return ZERO_UUID;
  if (!UUID_PATTERN.test(text)) throw unknownError(`'${text}' is not a UUID`);
  return text.length === 36 ? text : withDashes(text.replaceAll('-', ''));
}

export function uuidToWire(uuid: string, form: UuidForm): sharedPb.UUID {
  const message = new sharedPb.UUID();
  if (form === 'string') return message.setString(uuid);
  const hex = uuid.replaceAll('-', '');
  const structured = new sharedPb.UUID.Structured();
  structured.setMostSignificantBits(signed64(hex.slice(0, 16)));
  structured.setLeastSignificantBits(signed64(hex.slice(16)));
  return message.setStructured(structured);
}

const hex64 = (decimal: string): string => BigInt.asUintN(64, BigInt(decimal)).toString(16).padStart(16, '0');
const signed64 = (hex: string): string => BigInt.asIntN(64, BigInt(`0x${hex}`)).toString();
