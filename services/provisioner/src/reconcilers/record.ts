import { newId, streams, type AlfaEvent } from '@alfa-cloud/contracts';
import { handleCommand, type CommandHandling, type EventStore } from '@alfa-cloud/event-sourcing';
import { ownCause } from '@alfa-cloud/operations';
import {
  type AlertCommand,
  controlPlaneDecider,
  type ServerCommand,
  serverDecider,
} from '@alfa-cloud/servers';
import { clientDecider, type ClientCommand } from '../domain/client.ts';

/** Records on a client what Alfa Cloud has observed or done by itself, if that is still new. */
export const recordOnClient = (
  store: EventStore,
  clientId: string,
  command: ClientCommand,
  eventId = newId(),
): Promise<void> =>
  record(store, { stream: streams.client(clientId), decider: clientDecider, command }, eventId);

/** The same on a server. */
export const recordOnServer = (store: EventStore, serverId: string, command: ServerCommand): Promise<void> =>
  record(store, { stream: streams.server(serverId), decider: serverDecider, command }, newId());

/** The same about this installation itself. */
export const recordOnControlPlane = (store: EventStore, command: AlertCommand): Promise<void> =>
  record(store, { stream: streams.controlPlane, decider: controlPlaneDecider, command }, newId());

const record = async <State, Command, Event extends AlfaEvent>(
  store: EventStore,
  decision: Pick<CommandHandling<State, Command, Event>, 'stream' | 'decider' | 'command'>,
  eventId: string,
): Promise<void> => {
  await handleCommand(store, { ...decision, cause: ownCause(), eventIds: () => eventId });
};
