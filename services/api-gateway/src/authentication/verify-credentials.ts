import { message } from '@alfa-cloud/contracts';
import { createHash, timingSafeEqual } from 'node:crypto';
import { verifyPassword } from '@alfa-cloud/secrets';
import { Semaphore } from '@alfa-cloud/service-kit';
import { refuse } from '../http/problems.ts';
import type { Credentials, CredentialsStore } from '../ports.ts';

/** Hashes computed at the same time: each takes a thread and 32 MiB. */
const concurrentHashes = 2;
/** Verifications that may wait for their turn; more are refused as busy. */
const waitingMax = 64;

const sameText = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

/**
 * Verifies login and password against the credentials in force when it ends.
 * Takes as long for an unknown login as for a wrong password.
 * @returns those credentials when both are right, else null
 * @throws RequestRefused 503 while the credentials are not known, or when too many verifications wait
 */
export const createCredentialsVerifier = (store: CredentialsStore) => {
  const turns = new Semaphore(concurrentHashes);
  return async (login: string, password: string): Promise<Credentials | null> => {
    if (turns.waiting >= waitingMax) throw refuse('busy', message`Too many logins at the same time`);
    return turns.run(async () => {
      for (;;) {
        const credentials = store.current();
        if (credentials === null) throw refuse('unavailable', message`The credentials are not known yet`);
        const rightPassword = await verifyPassword(password, credentials.hash);
        // Changed meanwhile: what was verified is no longer in force.
        if (store.current() !== credentials) continue;
        return sameText(login, credentials.login) && rightPassword ? credentials : null;
      }
    });
  };
};
