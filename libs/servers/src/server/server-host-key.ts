import { withHostKey, type HostKeyOwner, type ServerEvent } from '@alfa-cloud/contracts';
import type { ServerCommand, ServerState, ShownHostKey } from './server-state.ts';

type Command<Type> = Extract<ServerCommand, { type: Type }>;

/** The first key shown counts from then on; one that was shown before counts again after another one was refused. */
export const pinHostKey = (
  { connectionVersion, ...shown }: Command<'pin_host_key'>,
  state: ServerState,
): ServerEvent[] => {
  const login = loginOf(shown.of, state);
  if (login === null || login.version !== connectionVersion) return [];
  const isPinned = login.hostKey === shown.hostKey;
  const isFree = login.hostKey === undefined || login.hostKey === shown.fingerprint;
  if (!isFree && !(isPinned && login.isRefused)) return [];
  return [pinned(login.id, shown)];
};

export const refuseHostKey = (
  { connectionVersion, hostKey, fingerprint, pinnedFingerprint, of }: Command<'refuse_host_key'>,
  state: ServerState,
): ServerEvent[] => {
  const login = loginOf(of, state);
  if (login === null || login.version !== connectionVersion) return [];
  if (login.isRefused && login.refused === fingerprint) return [];
  const data = { serverId: login.id, hostKey, fingerprint, pinnedFingerprint, ...owner(of) };
  return [{ type: 'ServerHostKeyRefused', data }];
};

/** No-op for the key that counts already. */
export const acceptHostKey = (
  { hostKey, fingerprint, of }: Command<'accept_host_key'>,
  state: ServerState,
): ServerEvent[] => {
  const login = loginOf(of, state);
  if (login === null || login.hostKey === hostKey) return [];
  return [
    { type: 'ServerHostKeyAccepted', data: { serverId: login.id, hostKey, fingerprint, ...owner(of) } },
  ];
};

export const pinned = (serverId: string, { hostKey, fingerprint, of }: ShownHostKey): ServerEvent => ({
  type: 'ServerHostKeyPinned',
  data: { serverId, hostKey, fingerprint, ...owner(of) },
});

const owner = (of: HostKeyOwner): { of?: HostKeyOwner } => (of === 'server' ? {} : { of });

/** Null when the server is gone or is not reached so. */
const loginOf = (of: HostKeyOwner, state: ServerState) => {
  if (state.status === 'absent' || state.status === 'removed') return null;
  const { id, connection, connectionVersion: version } = state.server;
  if (connection.kind === 'local') return null;
  const login = of === 'server' ? connection : connection.jump;
  if (login === undefined) return null;
  const { refusedHostKey: refused } = state;
  // Whoever has reached the server has come past its jump host.
  const isRefused = refused !== null && (of === 'server' || refused.of === of);
  return { id, version, hostKey: login.hostKey, isRefused, refused: refused?.fingerprint };
};

type KeyTold = { hostKey: string; fingerprint: string; of?: HostKeyOwner };

/** The host key of an event, as it is remembered while it is refused. */
export const refusedIn = ({ fingerprint, of = 'server' }: KeyTold): Omit<ShownHostKey, 'hostKey'> => ({
  fingerprint,
  of,
});

/** The server with another trusted host key. */
export const withTrusted = <Any extends Exclude<ServerState, { status: 'absent' }>>(
  state: Any,
  { hostKey, of }: KeyTold,
): Any => ({
  ...state,
  server: { ...state.server, connection: withHostKey(state.server.connection, hostKey, of) },
  refusedHostKey: null,
});
