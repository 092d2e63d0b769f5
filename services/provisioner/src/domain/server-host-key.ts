import type { ServerEvent } from '@alfa-cloud/contracts';
import type { ServerCommand, ServerState } from './server-state.ts';

type Command<Type> = Extract<ServerCommand, { type: Type }>;

/** The first key shown counts from then on; one that was shown before counts again after another one was refused. */
export const pinHostKey = (
  { connectionVersion, hostKey, fingerprint }: Command<'pin_host_key'>,
  state: ServerState,
): ServerEvent[] => {
  const connection = sshConnection(state);
  if (connection === null || connection.version !== connectionVersion) return [];
  const isPinned = connection.hostKey === hostKey;
  const isFree = connection.hostKey === undefined || connection.hostKey === fingerprint;
  if (!isFree && !(isPinned && connection.refused !== null)) return [];
  return [{ type: 'ServerHostKeyPinned', data: { serverId: connection.id, hostKey, fingerprint } }];
};

export const refuseHostKey = (command: Command<'refuse_host_key'>, state: ServerState): ServerEvent[] => {
  const { type: _, connectionVersion, ...shown } = command;
  const connection = sshConnection(state);
  if (connection === null || connection.version !== connectionVersion) return [];
  if (connection.refused === shown.fingerprint) return [];
  return [{ type: 'ServerHostKeyRefused', data: { serverId: connection.id, ...shown } }];
};

/** No-op for the key that counts already. */
export const acceptHostKey = (
  { hostKey, fingerprint }: Command<'accept_host_key'>,
  state: ServerState,
): ServerEvent[] => {
  const connection = sshConnection(state);
  if (connection === null || connection.hostKey === hostKey) return [];
  return [{ type: 'ServerHostKeyAccepted', data: { serverId: connection.id, hostKey, fingerprint } }];
};

/** Null when the server is gone or is not reached over ssh. */
const sshConnection = (state: ServerState) => {
  if (state.status === 'absent' || state.status === 'removed') return null;
  const { id, connection, connectionVersion: version } = state.server;
  if (connection.kind === 'local') return null;
  return { id, version, hostKey: connection.hostKey, refused: state.refusedHostKey };
};

/** The server with another trusted host key. */
export const withHostKey = <Any extends Exclude<ServerState, { status: 'absent' }>>(
  state: Any,
  hostKey: string,
): Any => {
  const { connection } = state.server;
  if (connection.kind === 'local') return state;
  return {
    ...state,
    server: { ...state.server, connection: { ...connection, hostKey } },
    refusedHostKey: null,
  };
};
