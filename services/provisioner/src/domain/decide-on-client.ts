import { deriveId, streams, type ClientEvent } from '@alfa-cloud/contracts';
import { handleCommand, type Cause, type EventStore, type Handled } from '@alfa-cloud/event-sourcing';
import { clientDecider, type ClientCommand, type ClientState } from './client.ts';

/** One decision of an operation on its client; `key` tells apart the decisions of one operation. */
export const decideOnClient = (
  store: EventStore,
  decision: { clientId: string; operationId: string; key: string; cause: Cause; command: ClientCommand },
): Promise<Handled<ClientState, ClientEvent>> =>
  handleCommand(store, {
    stream: streams.client(decision.clientId),
    decider: clientDecider,
    command: decision.command,
    cause: decision.cause,
    eventIds: (index) => deriveId(decision.operationId, 'client', decision.key, index),
  });

/** Ends an operation on the client's stream that has not ended there, as failed. */
export const endOnClient = async (
  store: EventStore,
  { clientId, operationId, cause }: { clientId: string; operationId: string; cause: Cause },
): Promise<void> => {
  const command = { type: 'end_operation', operationId, status: 'error' } as const;
  await decideOnClient(store, { clientId, operationId, key: 'end', cause, command });
};
