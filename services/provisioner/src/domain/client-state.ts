import {
  operationOf,
  type BackupKind,
  type ClientEvent,
  type ImageIdentity,
  type OperationKind,
} from '@alfa-cloud/contracts';
import { movedBackClient, movedClient, type Held } from './held.ts';

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

/** A backup that is there. */
export interface Backup {
  backupId: string;
  kind: BackupKind;
  serverId: string;
  /** RFC 3339. */
  keepUntil: string;
  operationId: string;
}

export interface Availability {
  available: boolean | null;
  reason: string | null;
}

export interface ActiveClient {
  status: 'active';
  client: RequestedClient;
  imageId: string;
  /** The operation that made the container which serves. */
  containerOperationId: string;
  /** What a rollback leads to. */
  previousImage: ImageIdentity | null;
  aliases: readonly string[];
  cloudSettings: { quickStart: boolean; tutorial: boolean };
  /** Whether warnings of the end of use go to the client by themselves. */
  expiryWarnings: boolean;
  /** Has begun and not ended: no other one may begin. */
  operation: RunningOperation | null;
  /** Failed last among those that change image, configuration or data, and nothing of the kind went well since. */
  unresolvedFailure: { operationId: string; kind: OperationKind } | null;
  /** Null while the client is open. */
  maintenance: Maintenance | null;
  /** `unclear`: filling in or clearing away has failed somewhere in the middle. */
  demo: 'present' | 'absent' | 'unclear';
  backups: readonly Backup[];
  /** Null when no other server keeps anything of it. */
  held: Held | null;
  /** Null before the first observation. */
  availability: Availability | null;
}

/** Its creation has failed; all that may be done is to delete it. */
export interface FailedClient {
  status: 'failed';
  client: RequestedClient;
  operation: RunningOperation | null;
}

export interface DeletedClient {
  status: 'deleted';
  client: RequestedClient;
  backups: readonly Backup[];
  /** The server that kept it besides the one where it lived; null when none did. */
  heldOn: string | null;
}

/** A client in the eyes of the provisioner. */
export type ClientState =
  | { status: 'absent' }
  | { status: 'creating'; client: RequestedClient }
  | ActiveClient
  | FailedClient
  | DeletedClient;

export const evolveClient = (state: ClientState, event: ClientEvent): ClientState => {
  if (event.type === 'ClientCreationRequested') {
    const { clientId, ...client } = event.data;
    return { status: 'creating', client: { id: clientId, ...client } };
  }
  if (state.status === 'absent') return state;
  if (event.type === 'ClientCreated') return created(state.client, event.data.imageId);
  if (event.type === 'ClientCreationFailed') {
    return { status: 'failed', client: state.client, operation: null };
  }
  return evolveLater(state, event);
};

const created = (client: RequestedClient, imageId: string): ActiveClient => ({
  status: 'active',
  client,
  imageId,
  containerOperationId: client.operationId,
  previousImage: null,
  aliases: [],
  cloudSettings: { quickStart: true, tutorial: true },
  expiryWarnings: client.expiryWarnings ?? true,
  operation: null,
  unresolvedFailure: null,
  maintenance: null,
  demo: client.demo ? 'present' : 'absent',
  backups: [],
  held: null,
  availability: null,
});

type LaterEvent = Exclude<
  ClientEvent,
  { type: 'ClientCreationRequested' | 'ClientCreated' | 'ClientCreationFailed' }
>;

const evolveLater = (state: Exclude<ClientState, { status: 'absent' }>, event: LaterEvent): ClientState => {
  switch (state.status) {
    case 'creating':
      return state;
    case 'active':
      return evolveActive(state, event);
    case 'failed':
      return evolveFailed(state, event);
    case 'deleted':
      return evolveDeleted(state, event);
    default:
      return state satisfies never;
  }
};

const evolveDeleted = (state: DeletedClient, event: LaterEvent): DeletedClient => {
  if (event.type === 'ClientBackupMoved') return withMovedBackup(state, event.data);
  return event.type === 'ClientBackupRemoved' ? withoutBackup(state, event.data.backupId) : state;
};

const evolveFailed = (state: FailedClient, event: LaterEvent): FailedClient | DeletedClient => {
  if (event.type === 'ClientOperationBegun') return { ...state, operation: runningOf(event.data) };
  if (event.type === 'ClientOperationEnded') return { ...state, operation: null };
  if (event.type === 'ClientDeleted')
    return { status: 'deleted', client: state.client, backups: [], heldOn: null };
  return state;
};

const evolveActive = (state: ActiveClient, event: LaterEvent): ActiveClient | DeletedClient => {
  switch (event.type) {
    case 'ClientOperationBegun':
      return { ...state, operation: runningOf(event.data) };
    case 'ClientOperationEnded':
      return ended(state, event.data);
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
    case 'ClientChanged': {
      const { personal, locale, limits } = event.data;
      const { aliases = state.aliases, expiryWarnings = state.expiryWarnings } = event.data;
      const changed = {
        ...(personal === undefined ? {} : { personal }),
        ...(locale === undefined ? {} : { locale }),
        ...(limits === undefined ? {} : { limits }),
      };
      return { ...state, client: { ...state.client, ...changed }, aliases, expiryWarnings };
    }
    case 'ClientCloudSettingsChanged': {
      const { quickStart, tutorial } = state.cloudSettings;
      return {
        ...state,
        cloudSettings: {
          quickStart: event.data.quickStart ?? quickStart,
          tutorial: event.data.tutorial ?? tutorial,
        },
      };
    }
    case 'ClientImageSwitched': {
      const { from, to, imageId, operationId } = event.data;
      const client = { ...state.client, image: to };
      const previousImage = { reference: from, id: state.imageId };
      return { ...state, client, imageId, containerOperationId: operationId, previousImage };
    }
    case 'ClientRefreshed':
      return refreshed(state, event.data);
    case 'ClientContainerReplaced':
      return { ...state, imageId: event.data.imageId, containerOperationId: event.data.operationId };
    case 'ClientBackedUp': {
      const { backupId, kind, serverId, keepUntil, operationId } = event.data;
      return { ...state, backups: [...state.backups, { backupId, kind, serverId, keepUntil, operationId }] };
    }
    case 'ClientBackupMoved':
      return withMovedBackup(state, event.data);
    case 'ClientBackupRemoved':
      return withoutBackup(state, event.data.backupId);
    case 'ClientMoved':
      return movedClient(state, event.data);
    case 'ClientMoveUndone':
      return movedBackClient(state, event.data);
    case 'ClientMoveReleased':
      return { ...state, held: null };
    case 'ClientAvailabilityChanged': {
      const { available, reason } = event.data;
      return { ...state, availability: { available, reason } };
    }
    case 'ClientDeleted':
      return {
        status: 'deleted',
        client: state.client,
        backups: state.backups,
        heldOn: state.held?.serverId ?? null,
      };
    case 'ClientUsersCounted':
    case 'ClientCopied':
    case 'ClientRebooted':
    case 'ClientMigrated':
    case 'ClientRestored':
    case 'ClientCloudSettingsMended':
    case 'ClientVirtualHostMended':
      return state;
    default:
      return event satisfies never;
  }
};

const refreshed = (
  state: ActiveClient,
  { image, imageId, demo }: Extract<ClientEvent, { type: 'ClientRefreshed' }>['data'],
): ActiveClient => ({
  ...state,
  client: { ...state.client, image },
  imageId,
  // An image of before would meet data that are not of its time.
  previousImage: null,
  demo: demo ? 'present' : 'absent',
});

const runningOf = (
  begun: Extract<ClientEvent, { type: 'ClientOperationBegun' }>['data'],
): RunningOperation => ({
  operationId: begun.operationId,
  kind: begun.kind,
  sealed: begun.sealed ?? null,
});

const withoutBackup = <State extends { backups: readonly Backup[] }>(
  state: State,
  backupId: string,
): State => ({
  ...state,
  backups: state.backups.filter((backup) => backup.backupId !== backupId),
});

const withMovedBackup = <State extends { backups: readonly Backup[] }>(
  state: State,
  { backupId, to }: { backupId: string; to: string },
): State => ({
  ...state,
  backups: state.backups.map((backup) =>
    backup.backupId === backupId ? { ...backup, serverId: to } : backup,
  ),
});

const ended = (
  state: ActiveClient,
  { operationId, status }: Extract<ClientEvent, { type: 'ClientOperationEnded' }>['data'],
): ActiveClient => {
  const { operation, unresolvedFailure, demo } = state;
  const afterFailure = operation === null ? 'nothing' : operationOf(operation.kind).afterFailure;
  const isAboutDemo = afterFailure === 'demo unclear';
  const isConsequential = operation !== null && afterFailure === 'unresolved';
  return {
    ...state,
    operation: null,
    demo: status !== 'ok' && isAboutDemo ? 'unclear' : demo,
    unresolvedFailure:
      isConsequential && status === 'error'
        ? { operationId, kind: operation.kind }
        : isConsequential && status === 'ok'
          ? null
          : unresolvedFailure,
  };
};
