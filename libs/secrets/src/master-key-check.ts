import type { KeyObject } from 'node:crypto';
import { derivedKey } from './derived-key.ts';
import type { KeyStore } from './key-store.ts';
import { openWith, sealWith } from './sealing.ts';

/** Name of the check value among the keys. It can't be a scope, since scopes begin with `client.` or `server.`. */
export const checkName = 'master-check';

/** Number of keys that are tried when there is no check value. The oldest ones, since keys of a wrong master key are newer. */
const triedMax = 20;

/** The keys of this installation are sealed with another master key. */
export class MasterKeyRefused extends Error {
  override name = 'MasterKeyRefused';
}

/**
 * Verifies that the master key is that of this installation. The first start stores a check value that only this master key opens; when several
 * services start together, one stores it and all verify it. An installation that is older than check values is verified by its oldest keys.
 * @throws MasterKeyRefused
 */
export const verifyMasterKey = async (masterKey: Uint8Array, keys: KeyStore): Promise<void> => {
  const wrapping = derivedKey(masterKey, 'keys');
  const check = await keys.get(checkName);
  if (check !== null) {
    if (!opens(wrapping, check)) throw refused('it does not open the check value that the first start left');
    return;
  }
  const tried = await valuesOf(keys, (await keys.names()).slice(0, triedMax));
  const opened = tried.filter((value) => opens(wrapping, value)).length;
  if (opened * 2 < tried.length) throw refused(`it opens ${opened} of the ${tried.length} oldest keys`);
  const isFirst = await keys.create(checkName, sealWith(wrapping, checkName, 'alfa-cloud'));
  if (!isFirst) await verifyMasterKey(masterKey, keys);
};

/** Names of the keys that the master key does not open. */
export const foreignKeys = async (masterKey: Uint8Array, keys: KeyStore): Promise<string[]> => {
  const wrapping = derivedKey(masterKey, 'keys');
  const foreign: string[] = [];
  for (const name of await keys.names()) {
    const value = await keys.get(name);
    if (name !== checkName && value !== null && !opens(wrapping, value)) foreign.push(name);
  }
  return foreign;
};

/**
 * Makes another master key that of this installation: destroys the keys that it does not open, which makes what they sealed unreadable, and
 * stores a new check value. Idempotent. No service may run meanwhile.
 * @returns names of the keys destroyed
 */
export const adoptMasterKey = async (masterKey: Uint8Array, keys: KeyStore): Promise<string[]> => {
  const foreign = await foreignKeys(masterKey, keys);
  for (const name of foreign) await keys.destroy(name);
  await keys.destroy(checkName);
  await verifyMasterKey(masterKey, keys);
  return foreign;
};

const valuesOf = async (keys: KeyStore, names: readonly string[]): Promise<string[]> => {
  const values = await Promise.all(names.map((name) => keys.get(name)));
  return values.filter((value) => value !== null);
};

const opens = (wrapping: KeyObject, value: string): boolean => {
  try {
    openWith(wrapping, value);
    return true;
  } catch {
    return false;
  }
};

const refused = (found: string): MasterKeyRefused =>
  new MasterKeyRefused(
    `This is not the master key of this installation: ${found}. Put the right key file back (its copy lies with the backup) and start again; ` +
      'docs/operations.md, "A lost master key", says what to do when there is none',
  );
