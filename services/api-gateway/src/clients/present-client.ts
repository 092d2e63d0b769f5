import {
  type ClientView,
  type CreateClient,
  type CreateLogView,
  type Language,
  type PersonalData,
  type Receipt,
  presentClient,
  type ShownClient,
  withReasonInWords,
  type ResourceOf,
  clientResource,
  type createLogResource,
  fieldsOf,
  toOne,
} from '@alfa-cloud/contracts';
import { titledSteps } from '../operations/present-operation.ts';

/** Names of attributes and relationships of `clients`, for `fields[clients]`. */
export const clientFields = fieldsOf(clientResource);

type NewClient = Omit<CreateClient, 'personal' | 'ownerPassword'>;

/** Resource `clients` of a creation just sent, before any read model knows of it. */
export const presentNewClient = (
  command: NewClient,
  personal: PersonalData,
  operationId: string,
  now: Date,
  language: Language,
): ResourceOf<typeof clientResource> =>
  presentClient(newClient(command, personal, operationId, now.toISOString()), language);

/** A client whose creation is not decided yet. Its personal data are only in the command. */
export const undecidedClient = ({
  made,
  operationId,
  acceptedAt,
}: Receipt): (ShownClient & { server: null }) | null => {
  if (made?.type !== 'client') return null;
  const personal = { name: null, email: null, ownerLogin: null, notes: null };
  return { ...newClient(made.client, personal, operationId, acceptedAt), server: null };
};

const newClient = (
  command: NewClient,
  personal: Pick<ClientView, 'name' | 'email' | 'ownerLogin' | 'notes'>,
  operationId: string,
  at: string,
) => {
  const { clientId, serverId = null, slug, locale, expireDate, image, limits, demo, sendSuccess } = command;
  const { expiryWarnings = true } = command;
  return {
    id: clientId,
    serverId,
    slug,
    ...personal,
    locale,
    status: 'creating' as const,
    failure: null,
    expireDate,
    image,
    limits,
    serverLimits: null,
    demo,
    sendSuccess,
    expiryWarnings,
    maintenance: null,
    aliases: [],
    quickStart: true,
    tutorial: true,
    imageId: null,
    imageOutdated: null,
    previousImage: null,
    held: null,
    sourceClientId: null,
    sourceSlug: null,
    copies: [],
    runningOperationId: operationId,
    lastBackupAt: null,
    usersCount: null,
    usersCountedAt: null,
    available: null,
    unavailableReason: null,
    availableCheckedAt: null,
    cloud: null,
    operationId,
    createdAt: at,
    updatedAt: at,
  };
};

/** Resource `create-logs`: one per client, its entries those after the cursor asked for. */
export const presentCreateLog = (
  log: CreateLogView,
  language: Language,
): ResourceOf<typeof createLogResource> => ({
  type: 'create-logs',
  id: log.clientId,
  attributes: {
    completed: log.completed,
    status: log.status,
    error: log.error && withReasonInWords(language, log.error),
    steps: titledSteps(log.kind, log.steps, language),
    entries: log.entries,
    transfer: log.transfer,
  },
  relationships: {
    client: toOne('clients', log.clientId),
    operation: toOne('operations', log.operationId),
  },
  links: { self: `/clients/${log.clientId}/create_log` },
});
