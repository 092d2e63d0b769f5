import type { ClientEvent, PersonalData } from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';

type RequestedData = Extract<ClientEvent, { type: 'ClientCreationRequested' }>['data'];

/** What was asked for at the creation; personal data and secrets sealed with the client's key. */
export type RequestedClient = Omit<RequestedData, 'clientId'> & { id: string };

/** What only the client, its container and its database may know. */
export interface ClientSecrets {
  ownerPassword: string;
  databasePassword: string;
  /** Laravel's `APP_KEY`. */
  appKey: string;
}

export type { PersonalData };

/** A client in the eyes of the provisioner. */
export type ClientState =
  | { status: 'absent' }
  | { status: 'creating'; client: RequestedClient }
  | { status: 'active'; client: RequestedClient; imageId: string }
  | { status: 'failed'; client: RequestedClient };

export type ClientCommand =
  | { type: 'request_creation'; client: RequestedClient }
  | { type: 'complete_creation'; imageId: string }
  | { type: 'fail_creation'; code: string; reason: string };

/** Every decision is taken once: a command that comes again, after a crash, has no effect. */
export const clientDecider: Decider<ClientState, ClientCommand, ClientEvent> = {
  initialState: () => ({ status: 'absent' }),
  decide: (command, state) => {
    switch (command.type) {
      case 'request_creation': {
        if (state.status !== 'absent') return [];
        const { id, ...client } = command.client;
        return [{ type: 'ClientCreationRequested', data: { clientId: id, ...client } }];
      }
      case 'complete_creation': {
        if (state.status !== 'creating') return [];
        const { id, operationId, image } = state.client;
        const { imageId } = command;
        return [{ type: 'ClientCreated', data: { clientId: id, operationId, image, imageId } }];
      }
      case 'fail_creation': {
        if (state.status !== 'creating') return [];
        const { id, operationId } = state.client;
        const { code, reason } = command;
        return [{ type: 'ClientCreationFailed', data: { clientId: id, operationId, code, reason } }];
      }
      default:
        return command satisfies never;
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'ClientCreationRequested': {
        const { clientId, ...client } = event.data;
        return { status: 'creating', client: { id: clientId, ...client } };
      }
      case 'ClientCreated':
        return state.status === 'absent'
          ? state
          : { status: 'active', client: state.client, imageId: event.data.imageId };
      case 'ClientCreationFailed':
        return state.status === 'absent' ? state : { status: 'failed', client: state.client };
      default:
        return event satisfies never;
    }
  },
};
