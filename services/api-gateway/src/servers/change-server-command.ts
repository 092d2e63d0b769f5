import type { ChangeServer, ServerChanges } from '@alfa-cloud/contracts';
import type { Vault } from '@alfa-cloud/secrets';
import { sealConnection } from './register-server-command.ts';

/** `ChangeServer` from what the administrator wrote, key material sealed for transport. What is absent stays as it is. */
export const toChangeServerCommand = async (
  serverId: string,
  { name, connection, ...changes }: ServerChanges,
  vault: Pick<Vault, 'seal'>,
): Promise<ChangeServer> => ({
  serverId,
  ...changes,
  ...(name === undefined ? {} : { name: name.trim() }),
  ...(connection === undefined ? {} : { connection: await sealConnection(connection, vault) }),
});
