import { message, reject } from '@alfa-cloud/contracts';
import { isKeyLost } from '@alfa-cloud/secrets';

export const keyLost = message`The client's key was lost with a former master key: its secrets and personal data can't be read. Put the right master key back, or delete the client`;

export const serverKeyLost = message`The key of the server was lost: its database's password can't be read. Restore the store of JetStream from its backup`;

/** Does what needs the client's key before anything has begun. @throws Rejection when the key is lost */
export const withClientKey = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!isKeyLost(error)) throw error;
    throw reject('client_key_lost', keyLost);
  }
};
