/** The key with that name no longer exists: what it sealed can never be read again. */
export class KeyDestroyed extends Error {
  override name = 'KeyDestroyed';
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
  /** @throws KeyDestroyed · Error when the text was not sealed here or was altered */
  open(sealed: string): Promise<string>;
  /** After this nothing sealed for the scope can be opened, on any machine. Idempotent. */
  destroyKey(scope: KeyScope): Promise<void>;
  /** Keyed digest (HMAC-SHA-256, base64url): equal for equal texts, says nothing about them without the master key. */
  fingerprint(text: string): string;
}
