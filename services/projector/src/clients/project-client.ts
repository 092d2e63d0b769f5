import type { ClientEvent, ClientView, PersonalData } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

/** What is stored of a client; availability, what its image's name means now, what it has from its server and the newest backup are added when asked. */
export type StoredClient = Omit<
  ClientView,
  | 'status'
  | 'imageOutdated'
  | 'available'
  | 'unavailableReason'
  | 'unavailableMessage'
  | 'availableCheckedAt'
  | 'cloud'
  | 'serverLimits'
  | 'lastBackupAt'
  | 'sourceSlug'
  | 'copies'
> & {
  /** `deleted`: shown nowhere but in the history. */
  status: ClientView['status'] | 'deleted';
};

/**
 * The client after one more event. Pure.
 * @param current null before its first event
 * @param personal what the event's sealed personal data say; null when their key was destroyed
 * @returns null when the event speaks of a client that was never asked for, `current` itself when nothing of it has changed
 */
export const projectClient = (
  current: StoredClient | null,
  recorded: RecordedEvent<ClientEvent>,
  personal: PersonalData | null,
): StoredClient | null => {
  if (recorded.type === 'ClientCreationRequested') {
    return requested(recorded.data, personal, recorded.metadata.at);
  }
  // What is still told of a deleted client is about its backups and the end of its deletion.
  if (current === null || current.status === 'deleted') return current;
  if (recorded.type === 'ClientOperationBegun') {
    return { ...current, runningOperationId: recorded.data.operationId };
  }
  if (recorded.type === 'ClientOperationEnded') return { ...current, runningOperationId: null };
  const change = changeOf(current, recorded, personal);
  return change === null ? current : { ...current, ...change, updatedAt: recorded.metadata.at };
};

type Later = Exclude<
  RecordedEvent<ClientEvent>,
  { type: 'ClientCreationRequested' | 'ClientOperationBegun' | 'ClientOperationEnded' }
>;

/** What an event makes of the attributes; null when it changes none of them. */
const changeOf = (
  current: StoredClient,
  recorded: Later,
  personal: PersonalData | null,
): Partial<StoredClient> | null => {
  switch (recorded.type) {
    case 'ClientCreated': {
      const { image, imageId } = recorded.data;
      return { status: 'active', failure: null, image, imageId, runningOperationId: null };
    }
    case 'ClientCreationFailed': {
      const { clientId: _, operationId: __, ...failure } = recorded.data;
      return { status: 'failed', failure, runningOperationId: null };
    }
    case 'ClientExpireDateChanged':
      return { expireDate: recorded.data.to };
    case 'ClientMaintenanceEnabled': {
      const { message } = recorded.data;
      // Turned on while it is on: the message may be another, the page has been there all along.
      return { maintenance: { message, since: current.maintenance?.since ?? recorded.metadata.at } };
    }
    case 'ClientMaintenanceDisabled':
      return { maintenance: null };
    case 'ClientDemoEnabled':
      return { demo: true };
    case 'ClientDemoDisabled':
      return { demo: false };
    case 'ClientUsersCounted':
      return { usersCount: recorded.data.users, usersCountedAt: recorded.metadata.at };
    case 'ClientOwnerPasswordChanged':
      return {};
    case 'ClientChanged': {
      const { personal: sealed, locale, limits, aliases, expiryWarnings } = recorded.data;
      return {
        ...(sealed === undefined ? {} : personalOf(personal)),
        ...(locale !== undefined && { locale }),
        ...(limits !== undefined && { limits }),
        ...(aliases !== undefined && { aliases }),
        ...(expiryWarnings !== undefined && { expiryWarnings }),
      };
    }
    case 'ClientCloudSettingsChanged': {
      const { quickStart = current.quickStart, tutorial = current.tutorial } = recorded.data;
      return { quickStart, tutorial };
    }
    case 'ClientImageSwitched': {
      const { from, to, imageId } = recorded.data;
      const { imageId: id } = current;
      return { image: to, imageId, previousImage: id === null ? null : { reference: from, id } };
    }
    case 'ClientContainerReplaced': {
      const { image, imageId } = recorded.data;
      return { image, imageId };
    }
    case 'ClientMoved':
      return { ...moved(recorded.data, true), imageId: recorded.data.imageId };
    case 'ClientMoveUndone': {
      const { image, imageId, previousImage, demo } = recorded.data;
      return { ...moved(recorded.data, false), image, imageId, previousImage, demo };
    }
    case 'ClientMoveReleased':
      return { held: null };
    case 'ClientRefreshed': {
      const { image, imageId, demo } = recorded.data;
      // What was counted and what a rollback led to were of data that are gone.
      return { image, imageId, demo, previousImage: null, usersCount: null, usersCountedAt: null };
    }
    case 'ClientDeleted':
      return { ...personalOf(null), status: 'deleted', maintenance: null };
    case 'ClientCopied':
    case 'ClientRebooted':
    case 'ClientMigrated':
    case 'ClientRestored':
    case 'ClientCloudSettingsMended':
    case 'ClientVirtualHostMended':
    case 'ClientBackedUp':
    case 'ClientBackupMoved':
    case 'ClientBackupRemoved':
    case 'ClientAvailabilityChanged':
      return null;
    default:
      return recorded satisfies never;
  }
};

const moved = (
  {
    operationId,
    from,
    to,
    holdUntil,
  }: Extract<ClientEvent, { type: 'ClientMoved' | 'ClientMoveUndone' }>['data'],
  undoable: boolean,
): Pick<StoredClient, 'serverId' | 'held'> => ({
  serverId: to,
  held: { serverId: from, until: holdUntil, operationId, undoable },
});

const personalOf = (
  personal: PersonalData | null,
): Pick<StoredClient, 'name' | 'email' | 'ownerLogin' | 'notes'> => ({
  name: personal?.name ?? null,
  email: personal?.email ?? null,
  ownerLogin: personal?.ownerLogin ?? null,
  notes: personal?.notes ?? null,
});

const requested = (
  data: Extract<ClientEvent, { type: 'ClientCreationRequested' }>['data'],
  personal: PersonalData | null,
  at: string,
): StoredClient => ({
  id: data.clientId,
  serverId: data.serverId,
  ...(data.placement !== undefined && { placement: data.placement }),
  slug: data.slug,
  sourceClientId: data.sourceClientId ?? null,
  ...personalOf(personal),
  locale: data.locale,
  status: 'creating',
  failure: null,
  expireDate: data.expireDate,
  image: data.image,
  limits: data.limits,
  demo: data.demo,
  sendSuccess: data.sendSuccess,
  expiryWarnings: data.expiryWarnings ?? true,
  maintenance: null,
  aliases: [],
  quickStart: true,
  tutorial: true,
  imageId: null,
  previousImage: null,
  held: null,
  runningOperationId: data.operationId,
  usersCount: null,
  usersCountedAt: null,
  operationId: data.operationId,
  createdAt: at,
  updatedAt: at,
});
