import { message, type CommandData, type RepositoryChanges } from '@alfa-cloud/contracts';
import type { Vault } from '@alfa-cloud/secrets';
import { refuse } from '../http/problems.ts';

/** `SetRepository` from what the administrator wrote, key or token sealed for transport. */
export const toSetRepositoryCommand = async (
  { privateKey, passphrase, token, hookSecret, ...changes }: RepositoryChanges,
  whole: boolean,
  vault: Pick<Vault, 'seal'>,
): Promise<CommandData<'SetRepository'>> => {
  const attributes = '/data/attributes';
  if (passphrase !== undefined && privateKey === undefined) {
    throw refuse('validation_failed', message`belongs to a "privateKey", which is absent`, {
      pointer: `${attributes}/passphrase`,
    });
  }
  if (typeof token === 'string' && privateKey !== undefined) {
    const words = message`Send "privateKey" for an address of ssh or "token" for one of https, not both`;
    throw refuse('validation_failed', words, { pointer: `${attributes}/token` });
  }
  const hook = typeof hookSecret === 'string' ? await vault.seal('transport', hookSecret) : hookSecret;
  const command = { whole, ...changes, ...(hook === undefined ? {} : { hookSecret: hook }) };
  if (token === null && privateKey === undefined) return { ...command, credentials: null };
  const opening =
    privateKey === undefined
      ? typeof token === 'string'
        ? { kind: 'token', token }
        : null
      : { kind: 'key', privateKey, ...(passphrase === undefined ? {} : { passphrase }) };
  if (opening === null) return command;
  return { ...command, credentials: await vault.seal('transport', JSON.stringify(opening)) };
};
