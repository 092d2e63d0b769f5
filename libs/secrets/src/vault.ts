/** The key no longer exists, or another master key has sealed it: what it sealed can't be read. */
export class KeyDestroyed extends Error {
  override name = 'KeyDestroyed';
}

/** The text was not sealed with this key: it was altered, sealed with a former key of the scope, or never sealed. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}

/**
 * The owner of the key that seals. `transport`: for the way from the gateway to a handler; such texts are not stored permanently. `repository`: what
 * opens the repository that images are built from.
 * Every other scope has its own key, which can be destroyed.
 */
export type KeyScope =
  'transport' | 'repository' | `client.${string}` | `server.${string}` | `webhook.${string}`;

/** Why a key can't be used: `missing`, although nobody has destroyed it, or `foreign`, sealed with another master key. */
export type KeyLoss = 'missing' | 'foreign';

/** Seals secrets and personal data, and forgets them by destroying keys. */
export interface Vault {
  /** Creates the scope's key when there is none. Idempotent, also when called by several processes at once. */
  ensureKey(scope: KeyScope): Promise<void>;
  /** @throws KeyDestroyed when the scope has no key */
  seal(scope: KeyScope, plaintext: string): Promise<string>;
  /** @throws KeyDestroyed; SealBroken when the text was altered or not sealed here; MessagingUnavailable when the keys can't be read */
  open(sealed: string): Promise<string>;
  /** Afterwards nothing that was sealed for the scope can be opened, on any machine. Idempotent. */
  destroyKey(scope: KeyScope): Promise<void>;
  /** Keyed digest (HMAC-SHA-256, base64url): equal for equal texts; reveals nothing about a text without the master key. */
  fingerprint(text: string): string;
}
