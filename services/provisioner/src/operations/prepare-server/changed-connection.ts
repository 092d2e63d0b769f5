import { isDeepStrictEqual } from 'node:util';
import { isCloudServerError } from '@alfa-cloud/cloud-server';
import type { Connection, Login } from '@alfa-cloud/contracts';
import type { Vault } from '@alfa-cloud/secrets';
import { openCredentials, sealedForServer, sealedLogin, type ServerState } from '@alfa-cloud/servers';

/**
 * The connection that a change asks for, as it will be recorded. The machine at the same address keeps its host key, and a key that is sent once
 * more stays sealed as it is, so that what asks for nothing new is no change. The same of its jump host.
 */
export const changedConnection = async (
  vault: Vault,
  state: ServerState,
  wanted: Connection,
): Promise<Connection> => {
  if (wanted.kind === 'local' || state.status === 'absent' || state.status === 'removed') return wanted;
  const { id, connection: current } = state.server;
  if (current.kind === 'local') return sealedForServer(vault, id, wanted);
  const { jump } = wanted;
  const { jump: _, ...login } = current;
  return {
    ...(await changedLogin(vault, id, login, wanted)),
    ...(jump === undefined ? {} : { jump: await changedLogin(vault, id, current.jump, jump) }),
  };
};

const changedLogin = async <Any extends Login>(
  vault: Vault,
  serverId: string,
  current: Login | undefined,
  wanted: Any,
): Promise<Any> => {
  if (current === undefined) return sealedLogin(vault, serverId, wanted);
  const sealed = (await isSameKey(vault, current, wanted))
    ? current
    : await sealedLogin(vault, serverId, wanted);
  return {
    ...(isSamePlace(current, wanted) ? atSamePlace(current) : {}),
    ...wanted,
    ...(sealed.credentials === undefined ? {} : { credentials: sealed.credentials }),
    ...(sealed.publicKey === undefined ? {} : { publicKey: sealed.publicKey }),
  };
};

const isSamePlace = (one: Login, other: Login): boolean =>
  one.host === other.host && (one.port ?? defaultPort) === (other.port ?? defaultPort);

const defaultPort = 22;

const atSamePlace = ({ port, hostKey }: Login): Pick<Login, 'port' | 'hostKey'> => ({
  ...(port === undefined ? {} : { port }),
  ...(hostKey === undefined ? {} : { hostKey }),
});

/** A key that can't be read any more is none. */
const isSameKey = async (vault: Vault, current: Login, wanted: Login): Promise<boolean> => {
  const [known, sent] = await Promise.all(
    [current, wanted].map(({ credentials }) =>
      openCredentials(vault, credentials).catch((error: unknown) => {
        if (isCloudServerError(error)) return null;
        throw error;
      }),
    ),
  );
  return known !== null && isDeepStrictEqual(known, sent);
};
