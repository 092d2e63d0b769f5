import { isDeepStrictEqual } from 'node:util';
import {
  message,
  Rejection,
  told,
  type Connection,
  type Fault,
  type HostKeyOwner,
  type ServerEvent,
} from '@alfa-cloud/contracts';
import { pinned } from './server-host-key.ts';
import type {
  CheckedServer,
  RegisteredServer,
  ServerChanges,
  ServerCommand,
  ServerState,
  ShownHostKey,
} from './server-state.ts';
import { hasClients, settled } from './settled-server.ts';

type Change = Extract<ServerCommand, { type: 'change' }>;

/** What the preparation was based on; a change of it needs another one. */
const preparedNames = ['role', 'domain', 'connection', 'proxy'] as const;

/** Those of the changes that differ from what is. */
export const effectiveChanges = (server: RegisteredServer, changes: ServerChanges): ServerChanges =>
  Object.fromEntries(
    Object.entries(changes).filter(
      ([name, value]) => !isDeepStrictEqual(value, server[name as keyof ServerChanges]),
    ),
  );

/** Attributes among the changes for which the server has to be prepared again, and which therefore need it to be without clients. */
export const preparedChanges = (changes: ServerChanges): readonly string[] =>
  preparedNames.filter((name) => Object.hasOwn(changes, name));

/**
 * Another address, user or key of the same machine needs no preparation, and clients may live there: the engine and the root directory that were
 * found by it are those that were there before.
 */
export const changeServer = (
  { operationId, changes, clients, checked = null }: Change,
  state: ServerState,
): ServerEvent[] => {
  const known = settled(state);
  const { status, server } = known;
  const effective = effectiveChanges(server, changes);
  const isReconnected = effective.connection !== undefined;
  const isSameMachine =
    isReconnected && checked?.isSameRoot === true && checked.check.engineId === known.engineId;
  const again = preparedChanges(effective).filter((name) => !(isSameMachine && name === 'connection'));
  if (again.length > 0 && clients > 0)
    throw new Rejection(again.map((name) => refusal(name, clients, checked)));
  const prepares = status === 'failed' || again.length > 0;
  if (!prepares && Object.keys(effective).length === 0) return [];
  const data = { serverId: server.id, operationId: prepares ? operationId : null, ...effective };
  if (!isReconnected || checked === null) return [{ type: 'ServerChanged', data }];
  return [
    { type: 'ServerChanged', data: { ...data, check: checked.check } },
    ...(effective.connection === undefined ? [] : hostKeysFound(server.id, effective.connection, checked)),
  ];
};

/** The host keys that a check has found, where they are not recorded with the connection. */
export const hostKeysFound = (
  serverId: string,
  connection: Connection,
  { hostKey, check, jump }: CheckedServer,
): ServerEvent[] => {
  if (connection.kind === 'local') return [];
  const found: (ShownHostKey | null)[] = [
    shown(
      { of: 'jump', recorded: connection.jump?.hostKey },
      jump?.hostKey ?? null,
      check.jump?.hostKeyFingerprint ?? null,
    ),
    shown({ of: 'server', recorded: connection.hostKey }, hostKey, check.hostKeyFingerprint),
  ];
  return found.flatMap((key) => (key === null ? [] : [pinned(serverId, key)]));
};

const shown = (
  { of, recorded }: { of: HostKeyOwner; recorded: string | undefined },
  hostKey: string | null,
  fingerprint: string | null,
): ShownHostKey | null =>
  hostKey === null || fingerprint === null || hostKey === recorded ? null : { of, hostKey, fingerprint };

const refusal = (name: string, clients: number, checked: Change['checked']): Fault => {
  if (name !== 'connection' || checked === null) {
    return { ...hasClients(clients), pointer: `/data/attributes/${name}` };
  }
  return {
    code: 'other_machine',
    ...told(
      message`Clients live on the server (${clients}), and this connection leads to another machine: its Docker Engine, or Alfa Cloud's directory there, is another one`,
    ),
    pointer: '/data/attributes/connection',
  };
};
