import {
  message,
  type Connection,
  type ConnectionInput,
  type Login,
  type LoginInput,
  type Message,
  type RegisterServer,
  type ServerAttributes,
} from '@alfa-cloud/contracts';
import type { Vault } from '@alfa-cloud/secrets';
import { refuse, type RequestRefused } from '../http/problems.ts';
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
  connection: await sealConnection(withKey(attributes.connection), vault),
  active: attributes.active ?? true,
  capacity: attributes.capacity ?? { clients: 100 },
  proxy: attributes.proxy ?? { httpPort: 80 },
  ...(attributes.limits === undefined ? {} : { limits: attributes.limits }),
});

const withKey = (connection: ConnectionInput): ConnectionInput => {
  if (connection.kind === 'local') return connection;
  needKey(connection, atConnection);
  if (connection.jump !== undefined) needKey(connection.jump, atJump);
  return connection;
};

/** Places of logins in the request. */
const atConnection = '/data/attributes/connection';
const atJump = `${atConnection}/jump`;

const needKey = ({ privateKey, keyId }: LoginInput, at: string): void => {
  if (privateKey !== undefined || keyId !== undefined) return;
  throw refuse('required', message`"privateKey" or "keyId" is required`, { pointer: `${at}/privateKey` });
};

type Sealing = Pick<Vault, 'seal'>;

/**
 * The connection as commands carry it.
 * @throws RequestRefused when it has a private key and the id of a key pair, or a passphrase without a private key
 */
export const sealConnection = async (connection: ConnectionInput, vault: Sealing): Promise<Connection> => {
  if (connection.kind === 'local') return connection;
  const { kind, jump, ...login } = connection;
  return {
    kind,
    ...(await sealLogin(login, vault, atConnection)),
    ...(jump === undefined ? {} : { jump: await sealLogin(jump, vault, atJump) }),
  };
};

const sealLogin = async (login: LoginInput, vault: Sealing, at: string): Promise<Login> => {
  const { privateKey, passphrase, ...address } = login;
  if (privateKey === undefined) {
    if (passphrase !== undefined)
      throw contradiction(`${at}/passphrase`, message`belongs to a "privateKey", which is absent`);
    return address;
  }
  if (address.keyId !== undefined)
    throw contradiction(`${at}/keyId`, message`must not stand beside "privateKey"`);
  const secret = { privateKey, ...(passphrase === undefined ? {} : { passphrase }) };
  return { ...address, credentials: await vault.seal('transport', JSON.stringify(secret)) };
};

const contradiction = (pointer: string, words: Message): RequestRefused =>
  refuse('validation_failed', words, { pointer });
