import type { ClientEvent, OperationKind } from '@alfa-cloud/contracts';

type RequestedData = Extract<ClientEvent, { type: 'ClientCreationRequested' }>['data'];

/** What was asked for at the creation, with what has changed since; personal data and secrets sealed with the client's key. */
export type RequestedClient = Omit<RequestedData, 'clientId'> & { id: string };

export interface Maintenance {
  /** Shown on the page; null: the page's own words. */
  message: string | null;
}

export interface RunningOperation {
  operationId: string;
  kind: OperationKind;
  /** A secret of the operation, sealed with the client's key. */
  sealed: string | null;
}

export interface ActiveClient {
  status: 'active';
  client: RequestedClient;
  imageId: string;
  /** Has begun and not ended: no other one may begin. */
  operation: RunningOperation | null;
  /** Null while the client is open. */
  maintenance: Maintenance | null;
  /** `unclear`: filling in or clearing away has failed somewhere in the middle. */
  demo: 'present' | 'absent' | 'unclear';
}

/** A client in the eyes of the provisioner. */
export type ClientState =
  | { status: 'absent' }
  | { status: 'creating'; client: RequestedClient }
  | ActiveClient
  | { status: 'failed'; client: RequestedClient };

export const evolveClient = (state: ClientState, event: ClientEvent): ClientState => {
  switch (event.type) {
    case 'ClientCreationRequested': {
      const { clientId, ...client } = event.data;
      return { status: 'creating', client: { id: clientId, ...client } };
    }
    case 'ClientCreated':
      return state.status === 'absent' ? state : created(state.client, event.data.imageId);
    case 'ClientCreationFailed':
      return state.status === 'absent' ? state : { status: 'failed', client: state.client };
    case 'ClientOperationBegun':
    case 'ClientOperationEnded':
    case 'ClientExpireDateChanged':
    case 'ClientMaintenanceEnabled':
    case 'ClientMaintenanceDisabled':
    case 'ClientDemoEnabled':
    case 'ClientDemoDisabled':
    case 'ClientOwnerPasswordChanged':
    case 'ClientUsersCounted':
    case 'ClientRebooted':
      return state.status === 'active' ? evolveActive(state, event) : state;
    default:
      return event satisfies never;
  }
};

const created = (client: RequestedClient, imageId: string): ActiveClient => ({
  status: 'active',
  client,
  imageId,
  operation: null,
  maintenance: null,
  demo: client.demo ? 'present' : 'absent',
});

type LaterEvent = Exclude<
  ClientEvent,
  { type: 'ClientCreationRequested' | 'ClientCreated' | 'ClientCreationFailed' }
>;

const evolveActive = (state: ActiveClient, event: LaterEvent): ActiveClient => {
  switch (event.type) {
    case 'ClientOperationBegun': {
      const { operationId, kind, sealed = null } = event.data;
      return { ...state, operation: { operationId, kind, sealed } };
    }
    case 'ClientOperationEnded':
      return {
        ...state,
        operation: null,
        demo: event.data.status !== 'ok' && isAboutDemo(state.operation) ? 'unclear' : state.demo,
      };
    case 'ClientExpireDateChanged':
      return { ...state, client: { ...state.client, expireDate: event.data.to } };
    case 'ClientMaintenanceEnabled':
      return { ...state, maintenance: { message: event.data.message } };
    case 'ClientMaintenanceDisabled':
      return { ...state, maintenance: null };
    case 'ClientDemoEnabled':
      return { ...state, demo: 'present' };
    case 'ClientDemoDisabled':
      return { ...state, demo: 'absent' };
    case 'ClientOwnerPasswordChanged':
      return { ...state, client: { ...state.client, secrets: event.data.secrets } };
    case 'ClientUsersCounted':
    case 'ClientRebooted':
      return state;
    default:
      return event satisfies never;
  }
};

const isAboutDemo = (operation: RunningOperation | null): boolean =>
  operation?.kind === 'client.enable_demo' || operation?.kind === 'client.disable_demo';
