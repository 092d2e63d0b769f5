import { CloudServerError, type SshCredentials } from '@alfa-cloud/cloud-server';
import { type Connection, message, reject } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Vault } from '@alfa-cloud/secrets';
import { isKeyLost } from '../domain/lost-key.ts';
import { readSshKeys } from '../domain/ssh-keys.ts';

/** The connection as events hold it: its credentials, sealed for transport by the gateway, are sealed with the server's key. */
export const sealedForServer = async <Any extends Connection>(
  vault: Vault,
  serverId: string,
  connection: Any,
): Promise<Any> => {
  if (connection.kind === 'local' || connection.credentials === undefined) return connection;
  const scope = `server.${serverId}` as const;
  await vault.ensureKey(scope);
  const opened = await vault.open(connection.credentials);
  return { ...connection, credentials: await vault.seal(scope, opened) };
};

/**
 * The connection as a command carries it, with the credentials that are meant: those of the key pair that it names, those that came with it, or those
 * of before.
 * @throws Rejection `required`, `key_unknown`
 */
export const withCredentials = async (
  { store }: { store: EventStore },
  connection: Connection,
  before?: Connection,
): Promise<Connection> => {
  if (connection.kind === 'local') return connection;
  const { keyId, credentials } = connection;
  if (keyId !== undefined) return { ...connection, credentials: await keyPair(store, keyId) };
  if (credentials !== undefined) return connection;
  if (before?.kind !== 'ssh' || before.credentials === undefined) {
    throw reject('required', message`"privateKey" or "keyId" is required`, {
      pointer: '/data/attributes/connection/privateKey',
    });
  }
  const { credentials: same, keyId: sameId } = before;
  return { ...connection, credentials: same, ...(sameId === undefined ? {} : { keyId: sameId }) };
};

/** The connection with the public key that a check has found it to be let in by. */
export const withPublicKey = (
  connection: Connection,
  checked: { publicKey: string | null } | null,
): Connection => {
  if (connection.kind === 'local' || checked === null || checked.publicKey === null) return connection;
  return { ...connection, publicKey: checked.publicKey };
};

const keyPair = async (store: EventStore, keyId: string): Promise<string> => {
  const made = (await readSshKeys(store)).find(({ id }) => id === keyId);
  if (made !== undefined) return made.credentials;
  const words = message`There is no key pair with this id: POST /servers/keys makes one`;
  throw reject('key_unknown', words, { pointer: '/data/attributes/connection/keyId' });
};

/** @throws CloudServerError `key_unusable` when there are none, or the server's key is lost */
export const openCredentials = async (
  vault: Pick<Vault, 'open'>,
  sealed: string | undefined,
): Promise<SshCredentials> => {
  if (sealed === undefined) {
    throw new CloudServerError('final', 'key_unusable', message`No private key is recorded for the server`);
  }
  try {
    return JSON.parse(await vault.open(sealed)) as SshCredentials;
  } catch (cause) {
    if (!isKeyLost(cause)) throw cause;
    const words = message`The server's key was lost with a former master key: put the right master key back, or give the server a private key anew`;
    throw new CloudServerError('final', 'key_unusable', words, { cause });
  }
};
