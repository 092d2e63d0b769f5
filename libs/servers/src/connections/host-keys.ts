import { HostKeyChanged, parseHostKey, type HostKey } from '@alfa-cloud/cloud-server';
import { newId, streams, type HostKeyOwner } from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import { ownCause } from '@alfa-cloud/operations';
import { serverDecider } from '../server/server.ts';
import type { ServerCommand, ServerState } from '../server/server-state.ts';

/** Whose connection it is, and whose host key there: the server's own or its jump host's. */
export interface ConnectionOf {
  serverId: string;
  connectionVersion: number;
  of: HostKeyOwner;
}

/**
 * Records the host key of a server that has let us in, where that is news.
 * @throws HostKeyChanged when another one was recorded meanwhile
 */
export const recordHostKey = async (
  store: EventStore,
  { serverId, connectionVersion, of }: ConnectionOf,
  shown: HostKey,
): Promise<void> => {
  const { text: hostKey, fingerprint } = shown;
  const command = { type: 'pin_host_key', connectionVersion, hostKey, fingerprint, of } as const;
  const state = await record(store, serverId, command);
  if (state.status === 'absent' || state.server.connectionVersion !== connectionVersion) return;
  const { name, connection } = state.server;
  if (connection.kind === 'local') return;
  const pinned = (of === 'server' ? connection : connection.jump)?.hostKey;
  if (pinned === undefined || pinned === hostKey) return;
  throw new HostKeyChanged(
    of === 'server' ? `Server ${name}` : `The jump host of server ${name}`,
    parseHostKey(pinned),
    shown,
  );
};

/** Records that another host key than the pinned one was shown, once for each key. */
export const recordRefusedHostKey = async (
  store: EventStore,
  { serverId, connectionVersion, of }: ConnectionOf,
  { pinned, shown }: HostKeyChanged,
): Promise<void> => {
  const { text: hostKey, fingerprint } = shown;
  const { fingerprint: pinnedFingerprint } = pinned;
  const type = 'refuse_host_key';
  await record(store, serverId, { type, connectionVersion, hostKey, fingerprint, pinnedFingerprint, of });
};

const record = async (store: EventStore, serverId: string, command: ServerCommand): Promise<ServerState> => {
  const eventId = newId();
  const { state } = await handleCommand(store, {
    stream: streams.server(serverId),
    decider: serverDecider,
    command,
    cause: ownCause(),
    eventIds: () => eventId,
  });
  return state;
};
