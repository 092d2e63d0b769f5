import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { unknownError } from './errors.ts';

/** The form in which the client wants UUIDs in answers. */
export type UuidForm = 'string' | 'structured';

export const ZERO_UUID = '00000000-0000-0000-0000-000000000000';

/** What .NET takes for a UUID: bare digits, or groups with dashes, which may stand in braces or brackets. */
const GROUPS = '[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}';
const UUID_FORMS = new RegExp(`^(?:[\\da-f]{32}|${GROUPS}|\\{${GROUPS}\\}|\\(${GROUPS}\\))$`);

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
  return uuidFromText(uuid.getString());
}

/**
 * Reads the text form; none is the zero one.
 * @throws StatusError for text that is no UUID
 */
export function uuidFromText(uuid: string): string {
  if (uuid === '') return ZERO_UUID;
  const text = uuid.trim().toLowerCase();
  if (!UUID_FORMS.test(text)) throw unknownError(`'${text}' is not a UUID`);
  return text.length === 36 ? text : withDashes(text.replaceAll(/[^\da-f]/g, ''));
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

/** The same UUID in structured form, which the real server uses in answers to nothing that was sent (timeouts). */
export const inStructuredForm = (uuid: sharedPb.UUID | undefined): sharedPb.UUID | undefined =>
  uuid === undefined ? undefined : uuidToWire(uuidFromWire(uuid), 'structured');

const hex64 = (decimal: string): string => BigInt.asUintN(64, BigInt(decimal)).toString(16).padStart(16, '0');
const signed64 = (hex: string): string => BigInt.asIntN(64, BigInt(`0x${hex}`)).toString();
