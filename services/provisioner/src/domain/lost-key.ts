import { message, reject } from '@alfa-cloud/contracts';
import { errorName } from '@alfa-cloud/service-kit';

export const keyLost = message`The client's key was lost with a former master key: its secrets and personal data can't be read. Put the right master key back, or delete the client`;

/** Whether a vault has said that a key can't be had any more, so that trying again is no use. */
export const isKeyLost = (error: unknown): boolean => errorName(error) === 'KeyDestroyed';

/** Does what needs the client's key before anything has begun. @throws Rejection when the key is lost */
export const withClientKey = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!isKeyLost(error)) throw error;
    throw reject('client_key_lost', keyLost);
  }
};
