import { reject, type ClientEvent, type OperationKind, type PersonalData } from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';
import {
  evolveClient,
  type ActiveClient,
  type ClientState,
  type Maintenance,
  type RequestedClient,
  type RunningOperation,
} from './client-state.ts';

export type { ActiveClient, ClientState, Maintenance, PersonalData, RequestedClient, RunningOperation };

/** What only the client, its container and its database may know. */
export interface ClientSecrets {
  ownerPassword: string;
  databasePassword: string;
  /** Laravel's `APP_KEY`. */
  appKey: string;
}

type FactEvent = Extract<
  ClientEvent,
  {
    type:
      | 'ClientRebooted'
      | 'ClientMaintenanceEnabled'
      | 'ClientMaintenanceDisabled'
      | 'ClientDemoEnabled'
      | 'ClientDemoDisabled'
      | 'ClientOwnerPasswordChanged'
      | 'ClientUsersCounted';
  }
>;
type WithoutIds<Event> = Event extends FactEvent
  ? { type: Event['type']; data: Omit<Event['data'], 'clientId' | 'operationId'> }
  : never;

/** What an operation has made true of a client. */
export type ClientFact = WithoutIds<FactEvent>;

export type ClientCommand =
  | { type: 'request_creation'; client: RequestedClient }
  | { type: 'complete_creation'; imageId: string }
  | { type: 'fail_creation'; code: string; reason: string }
  | { type: 'begin_operation'; operationId: string; kind: OperationKind; sealed?: string }
  /** A fact of an operation that goes on. */
  | { type: 'record_fact'; operationId: string; fact: ClientFact }
  | { type: 'end_operation'; operationId: string; status: 'ok'; fact: ClientFact | null }
  | { type: 'end_operation'; operationId: string; status: 'error' | 'cancelled' }
  | ChangeExpireDateCommand;

interface ChangeExpireDateCommand {
  type: 'change_expire_date';
  operationId: string;
  to: string;
  reason: string;
  /** The day that it is in the zone of the installation. */
  today: string;
  /** A day that has passed is meant. */
  confirm: boolean;
}

/** Every decision is taken once: a command that comes again, after a crash, has no effect. */
export const clientDecider: Decider<ClientState, ClientCommand, ClientEvent> = {
  initialState: () => ({ status: 'absent' }),
  evolve: evolveClient,
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
      case 'begin_operation':
        return begin(command, activeOf(state));
      case 'record_fact':
        return isRunning(state, command.operationId) ? factsOf(state, command.operationId, command.fact) : [];
      case 'end_operation':
        return end(command, state);
      case 'change_expire_date':
        return changeExpireDate(command, activeOf(state));
      default:
        return command satisfies never;
    }
  },
};

/** Only an active client is worked on. */
const activeOf = (state: ClientState): ActiveClient => {
  switch (state.status) {
    case 'absent':
      throw reject('not_found', 'There is no such client');
    case 'creating':
      throw inProgress(state.client.operationId, 'client.create');
    case 'failed':
      throw reject('client_not_active', 'The creation of this client has failed');
    case 'active':
      return state;
    default:
      return state satisfies never;
  }
};

const inProgress = (operationId: string, kind: OperationKind) =>
  reject('operation_in_progress', `Operation ${kind} of this client has not ended yet`, {
    meta: { operationId, kind },
  });

const begin = (
  { operationId, kind, sealed }: Extract<ClientCommand, { type: 'begin_operation' }>,
  { client, operation }: ActiveClient,
): ClientEvent[] => {
  if (operation?.operationId === operationId) return [];
  if (operation !== null) throw inProgress(operation.operationId, operation.kind);
  const secret = sealed === undefined ? {} : { sealed };
  return [{ type: 'ClientOperationBegun', data: { clientId: client.id, operationId, kind, ...secret } }];
};

const isRunning = (state: ClientState, operationId: string): state is ActiveClient =>
  state.status === 'active' && state.operation?.operationId === operationId;

const end = (
  command: Extract<ClientCommand, { type: 'end_operation' }>,
  state: ClientState,
): ClientEvent[] => {
  const { operationId, status } = command;
  if (!isRunning(state, operationId)) return [];
  const facts =
    command.status === 'ok' && command.fact !== null ? factsOf(state, operationId, command.fact) : [];
  return [
    ...facts,
    { type: 'ClientOperationEnded', data: { clientId: state.client.id, operationId, status } },
  ];
};

/** What was so before is not told again. */
const factsOf = (state: ActiveClient, operationId: string, fact: ClientFact): ClientEvent[] =>
  isNews(state, fact)
    ? [{ type: fact.type, data: { clientId: state.client.id, operationId, ...fact.data } } as FactEvent]
    : [];

const isNews = ({ maintenance, demo }: ActiveClient, fact: ClientFact): boolean => {
  switch (fact.type) {
    case 'ClientMaintenanceEnabled':
      return maintenance === null || maintenance.message !== fact.data.message;
    case 'ClientMaintenanceDisabled':
      return maintenance !== null;
    case 'ClientDemoEnabled':
      return demo !== 'present';
    case 'ClientDemoDisabled':
      return demo !== 'absent';
    case 'ClientRebooted':
    case 'ClientOwnerPasswordChanged':
    case 'ClientUsersCounted':
      return true;
    default:
      return fact satisfies never;
  }
};

const changeExpireDate = (
  { operationId, to, reason, today, confirm }: ChangeExpireDateCommand,
  { client }: ActiveClient,
): ClientEvent[] => {
  const from = client.expireDate;
  if (to === from) return [];
  if (to < today && !confirm) {
    const detail = `${to} lies before today, ${today}: the client would be blocked at once. Send "confirm": true if that is meant`;
    throw reject('expire_date_in_past', detail, { pointer: '/data/attributes/expireDate' });
  }
  const data = { clientId: client.id, operationId, from, to, reason };
  return [{ type: 'ClientExpireDateChanged', data }];
};
