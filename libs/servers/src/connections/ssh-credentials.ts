import { CloudServerError, type SshCredentials } from '@alfa-cloud/cloud-server';
import { type Connection, type Login, message, reject } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { isKeyLost, type Vault } from '@alfa-cloud/secrets';
import type { CheckedServer } from '../server/server-state.ts';
import { readSshKeys } from '../server/ssh-keys.ts';

/** The connection as events hold it: its credentials, sealed for transport by the gateway, are sealed with the server's key. */
export const sealedForServer = async (
  vault: Vault,
  serverId: string,
  connection: Connection,
): Promise<Connection> => {
  if (connection.kind === 'local') return connection;
  const { jump } = connection;
  return {
    ...(await sealedLogin(vault, serverId, connection)),
    ...(jump === undefined ? {} : { jump: await sealedLogin(vault, serverId, jump) }),
  };
};

/** The same of one login: at the server, or at its jump host. */
export const sealedLogin = async <Any extends Login>(
  vault: Vault,
  serverId: string,
  login: Any,
): Promise<Any> => {
  if (login.credentials === undefined) return login;
  const scope = `server.${serverId}` as const;
  await vault.ensureKey(scope);
  const opened = await vault.open(login.credentials);
  return { ...login, credentials: await vault.seal(scope, opened) };
};

/**
 * The connection as a command carries it, with the credentials that are meant: those of the key pair that it names, those that came with it, or those
 * of before. The same of its jump host.
 * @throws Rejection `required`, `key_unknown`
 */
export const withCredentials = async (
  { store }: { store: EventStore },
  connection: Connection,
  before?: Connection,
): Promise<Connection> => {
  if (connection.kind === 'local') return connection;
  const former = before?.kind === 'ssh' ? before : undefined;
  const { jump } = connection;
  const place = '/data/attributes/connection';
  return {
    ...(await loginWithCredentials(store, connection, former, place)),
    ...(jump === undefined
      ? {}
      : { jump: await loginWithCredentials(store, jump, former?.jump, `${place}/jump`) }),
  };
};

const loginWithCredentials = async <Any extends Login>(
  store: EventStore,
  login: Any,
  before: Login | undefined,
  place: string,
): Promise<Any> => {
  const { keyId, credentials } = login;
  if (keyId !== undefined) return { ...login, credentials: await keyPair(store, keyId, place) };
  if (credentials !== undefined) return login;
  if (before?.credentials === undefined) {
    throw reject('required', message`"privateKey" or "keyId" is required`, {
      pointer: `${place}/privateKey`,
    });
  }
  const { credentials: same, keyId: sameId } = before;
  return { ...login, credentials: same, ...(sameId === undefined ? {} : { keyId: sameId }) };
};

/** The connection with the public keys that a check has found it to be let in by. */
export const withPublicKeys = (
  connection: Connection,
  checked: Pick<CheckedServer, 'publicKey' | 'jump'> | null,
): Connection => {
  if (connection.kind === 'local' || checked === null) return connection;
  const { jump } = connection;
  return {
    ...connection,
    ...(checked.publicKey === null ? {} : { publicKey: checked.publicKey }),
    ...(jump === undefined || checked.jump === undefined
      ? {}
      : { jump: { ...jump, publicKey: checked.jump.publicKey } }),
  };
};

const keyPair = async (store: EventStore, keyId: string, place: string): Promise<string> => {
  const made = (await readSshKeys(store)).find(({ id }) => id === keyId);
  if (made !== undefined) return made.credentials;
  const words = message`There is no key pair with this id: POST /servers/keys makes one`;
  throw reject('key_unknown', words, { pointer: `${place}/keyId` });
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
