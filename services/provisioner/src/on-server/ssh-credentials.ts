import { CloudServerError, type SshCredentials } from '@alfa-cloud/cloud-server';
import { type Connection, message } from '@alfa-cloud/contracts';
import type { Vault } from '@alfa-cloud/secrets';
import { isKeyLost } from '../domain/lost-key.ts';

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
