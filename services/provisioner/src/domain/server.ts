import { isDeepStrictEqual } from 'node:util';
import {
  type ChangeServer,
  type Fault,
  type HealthReason,
  message,
  messageInWords,
  messageTold,
  type Reason,
  type RecordedHealth,
  type RegisterServer,
  reject,
  Rejection,
  type ServerEvent,
  type ServerFacts,
  told,
} from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';
import { withoutLastLines } from '@alfa-cloud/operations';
import type { Static } from 'typebox';

type Facts = Static<typeof ServerFacts>;

/** What was said at the registration and changed since. */
export type RegisteredServer = Omit<RegisterServer, 'serverId'> & {
  id: string;
  /** The newest preparation. */
  operationId: string;
  /** JSON {@link ServerSecrets} sealed with the server's key. */
  secrets: string;
  /** Raised when address, user, key or trusted host key are changed, so that of two records the newer one can be told. */
  connectionVersion: number;
};

export interface ServerSecrets {
  databaseRootPassword: string;
}

/** Attributes as they shall be; what is absent stays. */
export type ServerChanges = Omit<ChangeServer, 'serverId'>;

/** A host key as it stands in events. */
export interface ShownHostKey {
  /** `ssh-ed25519 AAAA…` */
  hostKey: string;
  /** `SHA256:…` */
  fingerprint: string;
}

/** What was recorded last of a server's health. */
export interface KnownHealth {
  health: RecordedHealth;
  reasons: readonly HealthReason[];
}

interface Known {
  server: RegisteredServer;
  /** Null before the first comparison. */
  health: KnownHealth | null;
  /** It has taken clients at some time, so clients may live there. */
  wasReady: boolean;
  /** Fingerprint of a host key that was shown in the place of the pinned one, until that one is shown again. */
  refusedHostKey: string | null;
}

/**
 * A cloud server in the eyes of the provisioner. Only a ready one takes clients; `again`: it is being prepared once more and takes them
 * meanwhile.
 */
export type ServerState =
  | { status: 'absent' }
  | (Known & { status: 'preparing' })
  | (Known & { status: 'ready'; facts: Facts; again: boolean })
  | (Known & { status: 'failed' })
  | (Known & { status: 'removed' });

export type ServerCommand =
  | { type: 'register'; server: Omit<RegisteredServer, 'connectionVersion'> }
  | { type: 'become_ready'; operationId: string; facts: Facts }
  /** `stands`: database and proxy run, or nobody can tell; a server that was ready before then stays so. */
  | (Reason & { type: 'fail_preparation'; operationId: string; stands: boolean })
  /** `operationId`: the preparation that begins. */
  | { type: 'prepare'; operationId: string }
  /** The server has let us in and shown this host key. Of two that are told at the same time the first one counts. */
  | ({ type: 'pin_host_key'; connectionVersion: number } & ShownHostKey)
  | ({ type: 'refuse_host_key'; connectionVersion: number; pinnedFingerprint: string } & ShownHostKey)
  | ({ type: 'record_health'; checkedAt: string } & KnownHealth)
  | { type: 'record_mended'; mended: readonly HealthReason[] }
  /** `operationId`: the preparation that begins should one be needed. `clients`: how many live there; read only where it matters. */
  | { type: 'change'; operationId: string; changes: ServerChanges; clients: number }
  | { type: 'remove'; clients: number };

/** Last lines of a container are never twice the same and make no other health. */
const isSameHealth = (known: KnownHealth | null, now: KnownHealth): boolean => {
  const inShort = ({ health, reasons }: KnownHealth) => ({
    health,
    reasons: reasons.map(({ code, ...told }) => ({
      code,
      detail: messageInWords('en', withoutLastLines(messageTold(told))),
    })),
  });
  return known !== null && isDeepStrictEqual(inShort(known), inShort(now));
};

/** Every decision is taken once: a command that comes again, after a crash, has no effect. */
export const serverDecider: Decider<ServerState, ServerCommand, ServerEvent> = {
  initialState: () => ({ status: 'absent' }),
  decide: (command, state) => {
    switch (command.type) {
      case 'register': {
        if (state.status !== 'absent') return [];
        const { id, ...server } = command.server;
        return [{ type: 'ServerRegistered', data: { serverId: id, ...server } }];
      }
      case 'become_ready':
        return isPreparedBy(command.operationId, state)
          ? [{ type: 'ServerBecameReady', data: { ...ids(state.server), facts: command.facts } }]
          : [];
      case 'fail_preparation': {
        const { type: _, operationId, stands, ...why } = command;
        if (!isPreparedBy(operationId, state)) return [];
        const staysReady = state.status === 'ready' && stands ? { staysReady: true } : {};
        const data = { ...ids(state.server), ...why, ...staysReady };
        return [{ type: 'ServerPreparationFailed', data }];
      }
      case 'prepare': {
        const { status, server } = settled(state);
        const data = { serverId: server.id, operationId: command.operationId };
        return [
          status === 'ready' ? { type: 'ServerPreparationBegun', data } : { type: 'ServerChanged', data },
        ];
      }
      case 'pin_host_key': {
        const connection = sshConnection(command.connectionVersion, state);
        if (connection === null) return [];
        const { hostKey, fingerprint } = command;
        const isPinned = connection.hostKey === hostKey;
        const isFree = connection.hostKey === undefined || connection.hostKey === fingerprint;
        if (!isFree && !(isPinned && connection.refused !== null)) return [];
        return [{ type: 'ServerHostKeyPinned', data: { serverId: connection.id, hostKey, fingerprint } }];
      }
      case 'refuse_host_key': {
        const connection = sshConnection(command.connectionVersion, state);
        if (connection === null || connection.refused === command.fingerprint) return [];
        const { hostKey, fingerprint, pinnedFingerprint } = command;
        const data = { serverId: connection.id, hostKey, fingerprint, pinnedFingerprint };
        return [{ type: 'ServerHostKeyRefused', data }];
      }
      case 'record_health': {
        if (state.status === 'absent' || state.status === 'removed') return [];
        const { health, reasons, checkedAt } = command;
        if (isSameHealth(state.health, { health, reasons })) return [];
        const data = { serverId: state.server.id, health, reasons: [...reasons], checkedAt };
        return [{ type: 'ServerHealthChanged', data }];
      }
      case 'record_mended': {
        if (state.status === 'absent' || command.mended.length === 0) return [];
        return [{ type: 'ServerMended', data: { serverId: state.server.id, mended: [...command.mended] } }];
      }
      case 'change':
        return change(command, state);
      case 'remove': {
        const { server } = settled(state);
        if (command.clients > 0) throw new Rejection([hasClients(command.clients)]);
        return [{ type: 'ServerRemoved', data: { serverId: server.id } }];
      }
      default:
        return command satisfies never;
    }
  },
  evolve: (state, event) => {
    if (event.type === 'ServerRegistered') {
      const { serverId, ...registered } = event.data;
      const server = { id: serverId, ...registered, connectionVersion: 0 };
      return { status: 'preparing', server, health: null, wasReady: false, refusedHostKey: null };
    }
    if (state.status === 'absent') return state;
    const { server, health, wasReady, refusedHostKey } = state;
    const known = { server, health, wasReady, refusedHostKey };
    switch (event.type) {
      case 'ServerBecameReady':
        return { ...known, status: 'ready', facts: event.data.facts, again: false, wasReady: true };
      case 'ServerPreparationFailed':
        return state.status === 'ready' && event.data.staysReady === true
          ? { ...state, again: false }
          : { ...known, status: 'failed' };
      case 'ServerPreparationBegun': {
        const { operationId } = event.data;
        const begun = { ...known, server: { ...server, operationId } };
        return state.status === 'ready'
          ? { ...state, ...begun, again: true }
          : { ...begun, status: 'preparing' };
      }
      case 'ServerHealthChanged':
        return { ...state, health: { health: event.data.health, reasons: event.data.reasons } };
      case 'ServerMended':
        return state;
      case 'ServerHostKeyPinned': {
        const { connection } = server;
        if (connection.kind === 'local') return state;
        const pinned = { ...connection, hostKey: event.data.hostKey };
        return { ...state, server: { ...server, connection: pinned }, refusedHostKey: null };
      }
      case 'ServerHostKeyRefused':
        return { ...state, refusedHostKey: event.data.fingerprint };
      case 'ServerChanged': {
        const { serverId: _, operationId, ...changes } = event.data;
        const isOther = changes.connection !== undefined;
        const connectionVersion = server.connectionVersion + (isOther ? 1 : 0);
        const changed = { ...server, ...changes, connectionVersion };
        const refused = isOther ? null : refusedHostKey;
        if (operationId === null) return { ...state, server: changed, refusedHostKey: refused };
        const begun = { ...changed, operationId };
        return { ...known, status: 'preparing', server: begun, refusedHostKey: refused };
      }
      case 'ServerRemoved':
        return { ...known, status: 'removed' };
      default:
        return event satisfies never;
    }
  },
};

/** What the preparation was based on; a change of it needs another one. */
const prepared = ['role', 'domain', 'connection', 'proxy'] as const;

/** Those of the changes that differ from what is. */
export const effectiveChanges = (server: RegisteredServer, changes: ServerChanges): ServerChanges =>
  Object.fromEntries(
    Object.entries(changes).filter(
      ([name, value]) => !isDeepStrictEqual(value, server[name as keyof ServerChanges]),
    ),
  );

/** Attributes among the changes for which the server has to be prepared again, and which therefore need it to be without clients. */
export const preparedChanges = (changes: ServerChanges): readonly string[] =>
  prepared.filter((name) => Object.hasOwn(changes, name));

const change = (
  { operationId, changes, clients }: Extract<ServerCommand, { type: 'change' }>,
  state: ServerState,
): ServerEvent[] => {
  const { status, server } = settled(state);
  const effective = effectiveChanges(server, changes);
  const again = preparedChanges(effective);
  if (again.length > 0 && clients > 0) {
    throw new Rejection(
      again.map((name) => ({ ...hasClients(clients), pointer: `/data/attributes/${name}` })),
    );
  }
  const prepares = status === 'failed' || again.length > 0;
  if (!prepares && Object.keys(effective).length === 0) return [];
  const data = { serverId: server.id, operationId: prepares ? operationId : null, ...effective };
  return [{ type: 'ServerChanged', data }];
};

/** A server about which something can be decided: it is there and is not being prepared. */
const settled = (state: ServerState): Extract<ServerState, { status: 'ready' | 'failed' }> => {
  switch (state.status) {
    case 'absent':
      throw reject('not_found', message`There is no server with this id`);
    case 'removed':
      throw reject('gone', message`Server ${state.server.name} was removed`);
    case 'preparing':
      throw isBeingPrepared(state);
    case 'ready':
      if (state.again) throw isBeingPrepared(state);
      return state;
    case 'failed':
      return state;
    default:
      return state satisfies never;
  }
};

/** Null when the server is gone, is not reached over ssh, or is reached in another way by now. */
const sshConnection = (version: number, state: ServerState) => {
  if (state.status === 'absent' || state.status === 'removed') return null;
  const { id, connection, connectionVersion } = state.server;
  if (connection.kind === 'local' || connectionVersion !== version) return null;
  return { id, hostKey: connection.hostKey, refused: state.refusedHostKey };
};

const isBeingPrepared = ({ server: { operationId } }: Known): Rejection =>
  reject('operation_in_progress', message`The server is being prepared`, { meta: { operationId } });

const hasClients = (clients: number): Fault => ({
  code: 'server_has_clients',
  ...told(
    clients === 1 ? message`1 client lives on the server` : message`${clients} clients live on the server`,
  ),
  meta: { clients },
});

const isPreparedBy = (
  operationId: string,
  state: ServerState,
): state is Extract<ServerState, { status: 'preparing' | 'ready' }> =>
  (state.status === 'preparing' || (state.status === 'ready' && state.again)) &&
  state.server.operationId === operationId;

const ids = (server: RegisteredServer) => ({ serverId: server.id, operationId: server.operationId });
