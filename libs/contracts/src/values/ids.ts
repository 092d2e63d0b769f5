import { createHash, randomUUID } from 'node:crypto';

/** A new random id (UUID version 4). */
export const newId = (): string => randomUUID();

/** The operation of a command. */
export const operationOfCommand = (commandId: string): string => deriveId(commandId, 'operation');

/**
 * The mail that a cause brings about: the same cause has one mail.
 * @param cause e.g. the id of a command
 */
export const mailIdOf = (clientId: string, template: string, cause: string): string =>
  deriveId('mail', clientId, template, cause);

/** Id of the link that a token opens: its SHA-256, hex. Who knows the id knows nothing of the token. */
export const passwordLinkIdOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * The id that always follows from the same parts (UUID version 5 over their JSON form).
 * A command repeated after a crash derives the same ids, so its effects are recognised instead of repeated.
 */
export const deriveId = (...parts: readonly (string | number)[]): string => {
  const hash = createHash('sha1').update('alfa-cloud').update(JSON.stringify(parts)).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
