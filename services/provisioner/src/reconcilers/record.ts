import { newId, streams } from '@alfa-cloud/contracts';
import { handleCommand, type EventStore } from '@alfa-cloud/event-sourcing';
import { clientDecider, type ClientCommand } from '../domain/client.ts';
import { serverDecider, type ServerCommand } from '../domain/server.ts';
import { ownCause } from '@alfa-cloud/operations';

/** Records on a client what Alfa Cloud has observed or done by itself, if that is still new. */
export const recordOnClient = async (
  store: EventStore,
  clientId: string,
  command: ClientCommand,
  eventId = newId(),
): Promise<void> => {
  const stream = streams.client(clientId);
  await handleCommand(store, {
    stream,
    decider: clientDecider,
    command,
    cause: ownCause(),
    eventIds: () => eventId,
  });
};

/** The same on a server. */
export const recordOnServer = async (
  store: EventStore,
  serverId: string,
  command: ServerCommand,
): Promise<void> => {
  const eventId = newId();
  const stream = streams.server(serverId);
  await handleCommand(store, {
    stream,
    decider: serverDecider,
    command,
    cause: ownCause(),
    eventIds: () => eventId,
  });
};
