import { Rejection, streams, type OperationEvent, type ServerEvent } from '@alfa-cloud/contracts';
import { fold, type EventStore } from '@alfa-cloud/event-sourcing';
import { isBeingRebooted, serverDecider } from '@alfa-cloud/servers';
import { sleep } from '@alfa-cloud/service-kit';

/** From one look at a reboot to the next, ms. */
const lookMs = 1000;

/**
 * Nothing begins on a server that is being drained or rebooted.
 * @throws Rejection `operation_in_progress` with the id of the operation that reboots it
 */
export const refuseWhileRebooting = async (store: EventStore, serverId: string): Promise<void> => {
  const reboot = await rebootUnderWay(store, serverId);
  if (reboot !== null) throw new Rejection([isBeingRebooted(reboot)]);
};

/**
 * Waits until an operation may work on its servers. A reboot waits for the operations that were accepted before it has begun; those that were
 * accepted after that wait here. Both compare the same two positions in the order of all events, so one of two waits and never both, whoever
 * has looked first.
 */
export const untilNoneReboots = async (
  store: EventStore,
  { operationId, servers }: { operationId: string; servers: readonly string[] },
  signal: AbortSignal,
): Promise<void> => {
  for (const serverId of servers) {
    while (await hasBegunBefore(store, serverId, operationId)) await sleep(lookMs, signal);
  }
};

const hasBegunBefore = async (store: EventStore, serverId: string, operationId: string): Promise<boolean> => {
  const reboot = await rebootUnderWay(store, serverId);
  if (reboot === null || reboot.operationId === operationId) return false;
  const acceptedAt = await acceptedAtPosition(store, operationId);
  return acceptedAt !== null && acceptedAt > reboot.position;
};

/** Place of an operation's first event in the order of all events; null when it is not accepted yet. */
export const acceptedAtPosition = async (store: EventStore, operationId: string): Promise<bigint | null> =>
  (await store.read<OperationEvent>(streams.operation(operationId))).events[0]?.position ?? null;

/** The reboot that has begun on a server and not ended, with the place of its begin in the order of all events. */
export const rebootUnderWay = async (
  store: EventStore,
  serverId: string,
): Promise<{ operationId: string; position: bigint } | null> => {
  const { events } = await store.read<ServerEvent>(streams.server(serverId));
  const state = fold(serverDecider, events);
  if (state.status === 'absent' || state.reboot === null) return null;
  const { operationId } = state.reboot;
  const begun = events.find(
    ({ type, data }) => type === 'ServerRebootBegun' && data.operationId === operationId,
  );
  return begun === undefined ? null : { operationId, position: begun.position };
};
