import { unicodeDomain, unicodeEmail } from '../values/domain-names.ts';
import { reasonInWords, withReasonInWords } from '../words/reason.ts';
import type { Language } from '../words/words.ts';
import type { ClientView, clientResource } from './client-views.ts';
import { toOne } from './relationship.ts';
import type { ResourceOf } from './resource.ts';

/** A client as it is shown, which may be one of which no read model knows yet. */
export type ShownClient = Omit<ClientView, 'cloud' | 'serverLimits' | 'serverId'> & {
  cloud: string | null;
  /** Null while none is chosen. */
  serverId: string | null;
  /** Null before a read model knows of the client: then only limits of its own are shown. */
  serverLimits: ClientView['serverLimits'] | null;
};

/**
 * Resource `clients` from its read model. The projector makes the texts of lists by it, the gateway everything else: what the one answers equals what the
 * other would.
 */
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
