import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { SealBroken } from './vault.ts';

/** Length of every key here, in bytes. Keys are kept as `KeyObject`: from plain bytes, Node would create one at each use, which takes several times as long as the cipher. */
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM. The scope is bound to the ciphertext as additional data, so a sealed text can't be passed off as another scope's.
 * @returns `v1.<scope>.<base64url of nonce, ciphertext and tag>`; a scope holds no `.` except the one after its kind
 */
export const sealWith = (key: KeyObject, scope: string, plaintext: string): string => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(scope));
  const body = Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `v1.${scope}.${body.toString('base64url')}`;
};

/** Scope and body of a sealed text. @throws SealBroken when the text is not in that form */
export const parseSealed = (sealed: string): { scope: string; body: Buffer } => {
  const match = /^v1\.(.+)\.([A-Za-z0-9_-]+)$/.exec(sealed);
  if (match?.[1] === undefined || match[2] === undefined) throw new SealBroken('Not a sealed text');
  return { scope: match[1], body: Buffer.from(match[2], 'base64url') };
};

/** Opens what {@link sealWith} made. @throws SealBroken when it was sealed with another key or altered */
export const openWith = (key: KeyObject, sealed: string): string => {
  const { scope, body } = parseSealed(sealed);
  if (body.length < nonceBytes + tagBytes) throw new SealBroken('Sealed text is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(scope));
  decipher.setAuthTag(body.subarray(-tagBytes));
  try {
    return decipher.update(body.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch (error) {
    throw new SealBroken(`Sealed text of ${scope} does not open with this key`, { cause: error });
  }
};
