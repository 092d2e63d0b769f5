import { streams, type ClientEvent, type OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { foldOperation } from '@alfa-cloud/operations';
import type { ActiveClient } from '../../domain/client.ts';
import { loadClient } from '../../domain/load.ts';

/** Changes that are recorded first and then written by an operation of their own, also beside another operation. */
const recordedFirst: ReadonlySet<string> = new Set<ClientEvent['type']>([
  'ClientExpireDateChanged',
  'ClientCloudSettingsChanged',
]);

/** The client; null when it is not in use, or an operation has it or is still to write what is recorded. */
export const loadUnlessWritten = async (
  store: EventStore,
  clientId: string,
): Promise<ActiveClient | null> => {
  const { state } = await loadClient(store, clientId);
  if (state.status !== 'active' || state.operation !== null) return null;
  return (await isBeingWritten(store, clientId)) ? null : state;
};

const isBeingWritten = async (store: EventStore, clientId: string): Promise<boolean> => {
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  const newest = new Map<string, string>();
  for (const { type, data } of events) {
    if (recordedFirst.has(type) && 'operationId' in data && data.operationId !== null) {
      newest.set(type, data.operationId);
    }
  }
  for (const operationId of newest.values()) {
    const operation = await store.read<OperationEvent>(streams.operation(operationId));
    if (foldOperation(operation.events).status !== 'ended') return true;
  }
  return false;
};
