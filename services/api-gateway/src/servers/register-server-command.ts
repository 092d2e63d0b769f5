import type { ConnectionInput, RegisterServer, ServerAttributes } from '@alfa-cloud/contracts';
import type { Vault } from '@alfa-cloud/secrets';
import { storedDomain } from '../stored-domain.ts';

/** `RegisterServer` from what the administrator wrote: defaults filled in, key material sealed for transport. */
export const toRegisterServerCommand = async (
  serverId: string,
  attributes: ServerAttributes,
  vault: Pick<Vault, 'seal'>,
): Promise<RegisterServer> => ({
  serverId,
  name: attributes.name.trim(),
  role: attributes.role ?? 'production',
  domain: storedDomain(attributes.domain),
  connection: await sealConnection(attributes.connection, vault),
  active: attributes.active ?? true,
  capacity: attributes.capacity ?? { clients: 100 },
  proxy: attributes.proxy ?? { httpPort: 80 },
  ...(attributes.limits === undefined ? {} : { limits: attributes.limits }),
});

/** The connection as commands carry it. */
export const sealConnection = async (
  connection: ConnectionInput,
  vault: Pick<Vault, 'seal'>,
): Promise<RegisterServer['connection']> => {
  if (connection.kind === 'local') return connection;
  const { privateKey, passphrase, ...address } = connection;
  const secret = { privateKey, ...(passphrase === undefined ? {} : { passphrase }) };
  return { ...address, credentials: await vault.seal('transport', JSON.stringify(secret)) };
};
