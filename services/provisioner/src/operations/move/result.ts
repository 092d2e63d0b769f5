import { streams, type OperationEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import { loadClient } from '../../domain/load.ts';
import type { Outcome } from '../common/client-operation.ts';
import type { Moving } from '../moving/moving.ts';

/** What the end of a move tells: where the client is, how long it was closed, and until when there is a way back. */
export const moveResult = async (
  store: EventStore,
  { from, to }: Moving,
  { operationId }: { operationId: string },
): Promise<Outcome> => {
  const { state } = await loadClient(store, to.client.id);
  const held = state.status === 'active' ? state.held : null;
  return {
    fact: null,
    result: {
      from: from.server.id,
      to: to.server.id,
      cloud: to.address,
      formerCloud: from.address,
      closedMs: await closedMs(store, operationId),
      holdUntil: held?.operationId === operationId ? held.until : null,
    },
  };
};

/** From the begin of `page` to the end of `open`; null when one of them is not recorded. */
const closedMs = async (store: EventStore, operationId: string): Promise<number | null> => {
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const begun = events.find(({ type, data }) => type === 'OperationStepStarted' && data.step === 'page');
  const ended = events.find(({ type, data }) => type === 'OperationStepCompleted' && data.step === 'open');
  if (begun === undefined || ended === undefined) return null;
  return Math.max(0, Date.parse(ended.metadata.at) - Date.parse(begun.metadata.at));
};
