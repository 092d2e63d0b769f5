import {
  message,
  reject,
  type ClientEvent,
  type OperationKind,
  type PersonalData,
} from '@alfa-cloud/contracts';
import type { Decider } from '@alfa-cloud/event-sourcing';
import { change } from './client-change.ts';
import { inProgress } from './operation-in-progress.ts';
import type { ChangeExpireDateCommand, ClientCommand, ClientFact, FactEvent } from './client-command.ts';
import {
  evolveClient,
  type ActiveClient,
  type Backup,
  type ClientState,
  type FailedClient,
  type Maintenance,
  type RequestedClient,
  type RunningOperation,
} from './client-state.ts';

export type { ClientCommand, ClientFact };
export type {
  ActiveClient,
  Backup,
  ClientState,
  Maintenance,
  PersonalData,
  RequestedClient,
  RunningOperation,
};

/** What only the client, its container and its database may know. */
export interface ClientSecrets {
  ownerPassword: string;
  databasePassword: string;
  /** Laravel's `APP_KEY`. */
  appKey: string;
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
        const { type: _, ...why } = command;
        return [{ type: 'ClientCreationFailed', data: { clientId: id, operationId, ...why } }];
      }
      case 'begin_operation':
        return begin(command, workable(command.kind, state));
      case 'record_fact':
        return isRunning(state, command.operationId) ? factsOf(state, command.operationId, command.fact) : [];
      case 'end_operation':
        return end(command, state);
      case 'change_expire_date':
        return changeExpireDate(command, activeOf(state));
      case 'change':
        return change(command, activeOf(state));
      case 'change_cloud_settings':
        return changeCloudSettings(command, activeOf(state));
      case 'record_settings_mended':
        return mended(state, (clientId) => ({
          type: 'ClientCloudSettingsMended',
          data: { clientId, columns: command.columns },
        }));
      case 'record_virtual_host_mended':
        return mended(state, (clientId) => ({
          type: 'ClientVirtualHostMended',
          data: { clientId, was: command.was },
        }));
      case 'record_availability':
        return recordAvailability(command, state);
      case 'move_backup':
        return moveBackup(command, state);
      case 'record_copied':
        return recordCopied(command, state);
      case 'remove_backup':
        return removeBackup(command.backupId, state);
      default:
        return command satisfies never;
    }
  },
};

const mended = (state: ClientState, event: (clientId: string) => ClientEvent): ClientEvent[] =>
  state.status === 'active' ? [event(state.client.id)] : [];

/** Only an active client is worked on. */
const activeOf = (state: ClientState): ActiveClient => {
  switch (state.status) {
    case 'absent':
      throw reject('not_found', message`There is no such client`);
    case 'creating':
      throw inProgress(
        state.client.operationId,
        state.client.sourceClientId === undefined ? 'client.create' : 'client.copy',
      );
    case 'failed':
      throw reject('client_not_active', message`The creation of this client has failed`);
    case 'deleted':
      throw reject('gone', message`This client was deleted`);
    case 'active':
      return state;
    default:
      return state satisfies never;
  }
};

/** A client whose creation has failed can be deleted, and nothing else. */
const workable = (kind: OperationKind, state: ClientState): ActiveClient | FailedClient =>
  state.status === 'failed' && kind === 'client.delete' ? state : activeOf(state);

const begin = (
  { operationId, kind, sealed }: Extract<ClientCommand, { type: 'begin_operation' }>,
  { client, operation }: ActiveClient | FailedClient,
): ClientEvent[] => {
  if (operation?.operationId === operationId) return [];
  if (operation !== null) throw inProgress(operation.operationId, operation.kind);
  const secret = sealed === undefined ? {} : { sealed };
  return [{ type: 'ClientOperationBegun', data: { clientId: client.id, operationId, kind, ...secret } }];
};

const isRunning = (state: ClientState, operationId: string): state is ActiveClient | FailedClient =>
  (state.status === 'active' || state.status === 'failed') && state.operation?.operationId === operationId;

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
const factsOf = (state: ActiveClient | FailedClient, operationId: string, fact: ClientFact): ClientEvent[] =>
  (state.status === 'failed' ? fact.type === 'ClientDeleted' : isNews(state, operationId, fact))
    ? [{ type: fact.type, data: { clientId: state.client.id, operationId, ...fact.data } } as FactEvent]
    : [];

const isNews = (
  { maintenance, demo, backups, containerOperationId, held }: ActiveClient,
  operationId: string,
  fact: ClientFact,
): boolean => {
  switch (fact.type) {
    case 'ClientBackedUp':
      return !backups.some(({ backupId }) => backupId === fact.data.backupId);
    case 'ClientMaintenanceEnabled':
      return maintenance === null || maintenance.message !== fact.data.message;
    case 'ClientMaintenanceDisabled':
      return maintenance !== null;
    case 'ClientDemoEnabled':
      return demo !== 'present';
    case 'ClientDemoDisabled':
      return demo !== 'absent';
    case 'ClientMoved':
    case 'ClientMoveUndone':
      return held?.operationId !== operationId;
    case 'ClientMoveReleased':
      return held?.operationId === fact.data.moveId;
    case 'ClientRebooted':
    case 'ClientOwnerPasswordChanged':
    case 'ClientUsersCounted':
    case 'ClientMigrated':
    case 'ClientRestored':
    case 'ClientRefreshed':
    case 'ClientDeleted':
      return true;
    case 'ClientImageSwitched':
    case 'ClientContainerReplaced':
      return containerOperationId !== operationId;
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
    const detail = message`${to} lies before today, ${today}: the client would be blocked at once. Send "confirm": true if that is meant`;
    throw reject('expire_date_in_past', detail, { pointer: '/data/attributes/expireDate' });
  }
  const data = { clientId: client.id, operationId, from, to, reason };
  return [{ type: 'ClientExpireDateChanged', data }];
};

const changeCloudSettings = (
  { operationId, quickStart, tutorial }: Extract<ClientCommand, { type: 'change_cloud_settings' }>,
  { client, cloudSettings }: ActiveClient,
): ClientEvent[] => {
  const changed = {
    ...(quickStart === undefined || quickStart === cloudSettings.quickStart ? {} : { quickStart }),
    ...(tutorial === undefined || tutorial === cloudSettings.tutorial ? {} : { tutorial }),
  };
  if (Object.keys(changed).length === 0) return [];
  return [{ type: 'ClientCloudSettingsChanged', data: { clientId: client.id, operationId, ...changed } }];
};

/** Transitions are facts, not every look. */
const recordAvailability = (
  command: Extract<ClientCommand, { type: 'record_availability' }>,
  state: ClientState,
): ClientEvent[] => {
  const { type: _, ...observed } = command;
  if (state.status !== 'active' || state.availability?.available === observed.available) return [];
  const data = { clientId: state.client.id, ...observed };
  return [{ type: 'ClientAvailabilityChanged', data }];
};

const moveBackup = (
  { backupId, operationId, to, toName }: Extract<ClientCommand, { type: 'move_backup' }>,
  state: ClientState,
): ClientEvent[] => {
  if (state.status !== 'active' && state.status !== 'deleted') return [];
  const backup = state.backups.find((one) => one.backupId === backupId);
  if (backup === undefined || backup.serverId === to) return [];
  const data = { clientId: state.client.id, backupId, operationId, from: backup.serverId, to, toName };
  return [{ type: 'ClientBackupMoved', data }];
};

const recordCopied = (
  { operationId, copy }: Extract<ClientCommand, { type: 'record_copied' }>,
  state: ClientState,
): ClientEvent[] =>
  state.status === 'active'
    ? [{ type: 'ClientCopied', data: { clientId: state.client.id, operationId, ...copy } }]
    : [];

const removeBackup = (backupId: string, state: ClientState): ClientEvent[] => {
  if (state.status !== 'active' && state.status !== 'deleted') return [];
  if (!state.backups.some((backup) => backup.backupId === backupId)) return [];
  return [{ type: 'ClientBackupRemoved', data: { clientId: state.client.id, backupId } }];
};
