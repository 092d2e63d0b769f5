/** The key no longer exists, or another master key has sealed it: what it sealed can't be read. */
export class KeyDestroyed extends Error {
  override name = 'KeyDestroyed';
}

/** The text is none that was sealed with this key: altered, sealed by a former key of the scope, or not sealed at all. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}

/**
 * Whose key seals. `transport`: between gateway and handler, never stored for good.
 * The others have a key of their own that can be destroyed.
 */
export type KeyScope = 'transport' | `client.${string}` | `server.${string}`;

/** Seals secrets and personal data, and forgets them by destroying keys. */
export interface Vault {
  /** Makes the scope's key if there is none yet. Idempotent, safe in a race. */
  ensureKey(scope: KeyScope): Promise<void>;
  /** @throws KeyDestroyed when the scope has no key */
  seal(scope: KeyScope, plaintext: string): Promise<string>;
  /** @throws KeyDestroyed · SealBroken when the text was not sealed here or was altered · Error while the keys are out of reach */
  open(sealed: string): Promise<string>;
  /** After this nothing sealed for the scope can be opened, on any machine. Idempotent. */
  destroyKey(scope: KeyScope): Promise<void>;
  /** Keyed digest (HMAC-SHA-256, base64url): equal for equal texts, says nothing about them without the master key. */
  fingerprint(text: string): string;
}
