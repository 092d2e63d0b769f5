import { streams, type ServerEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';

/** What was recorded of a server before it was rebooted. */
export interface Drained {
  bootId: string;
  clients: readonly string[];
  at: Date;
}

/** @returns null when the operation has not come so far */
export const findDrained = async (
  store: EventStore,
  serverId: string,
  operationId: string,
): Promise<Drained | null> => {
  const { events } = await store.read<ServerEvent>(streams.server(serverId));
  for (const { type, data, metadata } of events) {
    if (type !== 'ServerDrained' || data.operationId !== operationId) continue;
    return { bootId: data.bootId, clients: data.clients, at: new Date(metadata.at) };
  }
  return null;
};

/** @throws Error when the operation has not come so far */
export const readDrained = async (
  store: EventStore,
  serverId: string,
  operationId: string,
): Promise<Drained> => {
  const drained = await findDrained(store, serverId, operationId);
  if (drained === null)
    throw new Error(`Operation ${operationId} has recorded nothing of server ${serverId}`);
  return drained;
};

/** How long the last reboot that went well has taken, ms; null before the first. */
export const lastRebootMs = async (store: EventStore, serverId: string): Promise<number | null> => {
  const { events } = await store.read<ServerEvent>(streams.server(serverId));
  const last = events.findLast(({ type }) => type === 'ServerRebooted');
  return last?.type === 'ServerRebooted' ? last.data.awayMs : null;
};
