import { message, reject } from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';

export const keyLost = message`The client's key was lost with a former master key: its secrets and personal data can't be read. Put the right master key back, or delete the client`;

export const serverKeyLost = message`The key of the server was lost: its database's password can't be read. Restore the store of JetStream from its backup`;

/**
 * Whether a vault has said that what was sealed can't be read any more, so that trying again is no use. A broken seal as well: something new
 * may have been sealed for the scope since its key was lost.
 */
export const isKeyLost = (error: unknown): boolean =>
  ['KeyDestroyed', 'SealBroken'].includes(errorName(error) ?? '');

/** Does what needs the client's key before anything has begun. @throws Rejection when the key is lost */
export const withClientKey = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!isKeyLost(error)) throw error;
    throw reject('client_key_lost', keyLost);
  }
};
