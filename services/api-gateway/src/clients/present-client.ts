import {
  type ClientView,
  type CreateClient,
  type CreateLogView,
  type Language,
  type PersonalData,
  type Receipt,
  unicodeDomain,
  reasonInWords,
  unicodeEmail,
  withReasonInWords,
  type ResourceOf,
  clientResource,
  type createLogResource,
  fieldsOf,
} from '@alfa-cloud/contracts';
import { toOne } from '../http/document.ts';
import { titledSteps } from '../operations/present-operation.ts';

/** Names of attributes and relationships of `clients`, for `fields[clients]`. */
export const clientFields = fieldsOf(clientResource);

type ShownClient = Omit<ClientView, 'cloud' | 'serverLimits' | 'serverId'> & {
  cloud: string | null;
  /** Null while none is chosen. */
  serverId: string | null;
  /** Null before a read model knows of the client: then only limits of its own are shown. */
  serverLimits: ClientView['serverLimits'] | null;
};

/** Resource `clients` from its read model. */
export const presentClient = (
  client: ShownClient,
  language: Language,
): ResourceOf<typeof clientResource> => ({
  type: 'clients',
  id: client.id,
  attributes: {
    slug: client.slug,
    name: client.name,
    email: client.email === null ? null : unicodeEmail(client.email),
    ownerLogin: client.ownerLogin,
    notes: client.notes,
    locale: client.locale,
    status: client.status,
    failure: client.failure && withReasonInWords(language, client.failure),
    expireDate: client.expireDate,
    image: client.image,
    limits: { ...client.serverLimits, ...client.limits },
    demo: client.demo,
    sendSuccess: client.sendSuccess,
    expiryWarnings: client.expiryWarnings,
    maintenance: client.maintenance,
    aliases: client.aliases.map(unicodeDomain),
    aliasesAscii: client.aliases,
    quickStart: client.quickStart,
    tutorial: client.tutorial,
    imageId: client.imageId,
    imageOutdated: client.imageOutdated,
    previousImage: client.previousImage,
    held: client.held,
    lastBackupAt: client.lastBackupAt,
    usersCount: client.usersCount,
    usersCountedAt: client.usersCountedAt,
    available: client.available,
    unavailableReason: whyUnavailable(client, language),
    availableCheckedAt: client.availableCheckedAt,
    createdAt: client.createdAt,
    updatedAt: client.updatedAt,
  },
  relationships: {
    server: toOne('servers', client.serverId),
    copyOf: copyOf(client),
    copies: copiesOf(client.copies),
    operation: toOne('operations', client.operationId),
    runningOperation: toOne('operations', client.runningOperationId),
  },
  links: {
    self: `/clients/${client.id}`,
    createLog: `/clients/${client.id}/create_log`,
    settings: `/clients/${client.id}/settings`,
    backups: `/clients/${client.id}/backups`,
    logs: `/clients/${client.id}/logs`,
    history: `/clients/${client.id}/history`,
    expireDatesHistory: `/clients/${client.id}/expire_dates_history`,
    // Of a creation that has failed nothing is left to be visited.
    ...(client.cloud === null || client.status === 'failed' ? {} : { cloud: client.cloud }),
  },
});

/** The source of a copy stays named when it is deleted. */
const copyOf = ({ sourceClientId: id, sourceSlug: slug }: ShownClient) => ({
  ...toOne('clients', id),
  ...(id === null ? {} : { meta: { slug, deleted: slug === null } }),
});

const copiesOf = (copies: ShownClient['copies']) => ({
  data: copies.map(({ clientId, slug, serverId }) => ({
    type: 'clients',
    id: clientId,
    meta: { slug, serverId },
  })),
});

const whyUnavailable = (
  { unavailableReason: reason, unavailableMessage: message }: ShownClient,
  language: Language,
): string | null =>
  reason === null ? null : reasonInWords(language, { reason, ...(message && { message }) });

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
