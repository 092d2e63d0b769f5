import type { ChangeServer, ServerChanges } from '@alfa-cloud/contracts';
import type { Vault } from '@alfa-cloud/secrets';
import { storedDomain } from '../stored-domain.ts';
import { sealConnection } from './register-server-command.ts';

/** `ChangeServer` from what the administrator wrote, key material sealed for transport. What is absent stays as it is. */
export const toChangeServerCommand = async (
  serverId: string,
  { name, domain, connection, ...changes }: ServerChanges,
  vault: Pick<Vault, 'seal'>,
): Promise<ChangeServer> => ({
  serverId,
  ...changes,
  ...(name === undefined ? {} : { name: name.trim() }),
  ...(domain === undefined ? {} : { domain: storedDomain(domain) }),
  ...(connection === undefined ? {} : { connection: await sealConnection(connection, vault) }),
});
