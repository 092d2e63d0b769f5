import { hash, randomBytes } from 'node:crypto';

/** How long a verified header spares its sender the slow hash. */
const rememberMs = 60_000;
const rememberedMax = 1000;

/**
 * Remembers which `Authorization` headers were verified, as digests keyed with a secret of this process, so that a memory dump
 * shows no password.
 */
export interface VerifiedHeaders {
  digest(header: string): string;
  /** @returns the login, or null when the header is not remembered (any more) */
  find(digest: string): string | null;
  remember(digest: string, login: string): void;
  forgetAll(): void;
}

/** @param now milliseconds of a clock that never goes back */
export const createVerifiedHeaders = (now: () => number): VerifiedHeaders => {
  const secret = randomBytes(32).toString('base64');
  const verified = new Map<string, { login: string; until: number }>();
  return {
    digest: (header) => hash('sha256', `${secret}${header}`, 'base64'),
    find(digest) {
      const known = verified.get(digest);
      return known !== undefined && known.until > now() ? known.login : null;
    },
    remember(digest, login) {
      if (verified.size >= rememberedMax) verified.clear();
      verified.set(digest, { login, until: now() + rememberMs });
    },
    forgetAll: () => verified.clear(),
  };
};
