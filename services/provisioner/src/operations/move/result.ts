import { streams, type OperationEvent, type TransferProgress } from '@alfa-cloud/contracts';
import type { EventStore, RecordedEvent } from '@alfa-cloud/event-sourcing';
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
  const { events } = await store.read<OperationEvent>(streams.operation(operationId));
  const held = state.status === 'active' ? state.held : null;
  return {
    fact: null,
    result: {
      from: from.server.id,
      to: to.server.id,
      cloud: to.address,
      formerCloud: from.address,
      closedMs: closedMs(events),
      holdUntil: held?.operationId === operationId ? held.until : null,
      bytesPerSecond: rateOf(events),
    },
  };
};

/** From the begin of `page` to the end of `open`; null when one of them is not recorded. */
const closedMs = (events: readonly RecordedEvent<OperationEvent>[]): number | null => {
  const begun = events.find(({ type, data }) => type === 'OperationStepStarted' && data.step === 'page');
  const ended = events.find(({ type, data }) => type === 'OperationStepCompleted' && data.step === 'open');
  if (begun === undefined || ended === undefined) return null;
  return Math.max(0, Date.parse(ended.metadata.at) - Date.parse(begun.metadata.at));
};

/** Of less than that the begin takes most of the time, and the rate says nothing. */
const tellingBytes = 1024 ** 2;

/** Bytes a second of all transfers of data, on average; null when too little was sent to tell. */
export const rateOf = (events: readonly OperationEvent[]): number | null => {
  const ends = new Map<string, TransferProgress>();
  for (const event of events) {
    if (event.type !== 'OperationOutputWritten' || event.data.step === 'image') continue;
    if (event.data.transfer !== undefined) ends.set(event.data.step, event.data.transfer);
  }
  const told = [...ends.values()].filter(({ bytesPerSecond }) => bytesPerSecond > 0);
  const bytes = told.reduce((sum, each) => sum + each.bytes, 0);
  const seconds = told.reduce((sum, each) => sum + each.bytes / each.bytesPerSecond, 0);
  return bytes < tellingBytes ? null : Math.round(bytes / seconds);
};
