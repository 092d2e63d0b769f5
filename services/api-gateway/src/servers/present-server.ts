import { createHash } from 'node:crypto';
import {
  detailInWords,
  effectiveRequestLimits,
  type HealthReason,
  type Language,
  type Login,
  type Made,
  type Receipt,
  type RegisterServer,
  type ServerImage,
  serverStateOf,
  type ServerView,
  unicodeDomain,
  withoutCredentials,
  withReasonInWords,
  type ResourceOf,
  serverResource,
  type imageResource,
  fieldsOf,
  type ResourceAttributes,
  toMany,
  toOne,
} from '@alfa-cloud/contracts';
import { presentOwnAlert } from '../alerts/present-alert.ts';

/** Names of attributes and relationships of `servers`, for `fields[servers]`. */
export const serverFields = fieldsOf(serverResource);

/** Only what may be shown, named one by one: key material must not come out by accident. */
const presentConnection = (
  connection: ServerView['connection'],
): ResourceAttributes<'servers'>['connection'] => {
  if (connection.kind === 'local') return { kind: 'local' };
  const { kind, jump } = connection;
  return { kind, ...presentLogin(connection), jump: jump === undefined ? null : presentLogin(jump) };
};

const presentLogin = (login: Omit<Login, 'credentials'>) => {
  const { host, port = 22, username, hostKey = null, publicKey = null, keyId = null } = login;
  const hostKeyFingerprint = fingerprintOf(hostKey);
  return { host, port, username, publicKey, keyId, hostKey, hostKeyFingerprint };
};

/** As `ssh-keygen -l` shows it. */
const fingerprintOf = (hostKey: string | null): string | null => {
  if (hostKey === null || hostKey.startsWith('SHA256:')) return hostKey;
  const key = Buffer.from(hostKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
};

/** Resource `servers` from its read model. */
export const presentServer = (server: ServerView, language: Language): ResourceOf<typeof serverResource> => ({
  type: 'servers',
  id: server.id,
  attributes: {
    name: server.name,
    role: server.role,
    domain: unicodeDomain(server.domain),
    domainAscii: server.domain,
    connection: presentConnection(server.connection),
    active: server.active,
    capacity: server.capacity,
    proxy: server.proxy,
    limits: effectiveRequestLimits({}, server.limits),
    state: serverStateOf(server),
    status: server.status,
    failure: server.failure && withReasonInWords(language, server.failure),
    facts: server.facts,
    refusedHostKey: server.refusedHostKey ?? null,
    reboot: server.reboot ?? null,
    draining: server.draining ?? null,
    health: server.health,
    healthReasons: server.healthReasons.map((reason) => healthReasonInWords(language, reason)),
    healthCheckedAt: server.healthCheckedAt,
    alerts: server.alerts.map((alert) => presentOwnAlert(alert, language)),
    clientCount: server.clientCount,
    heldCount: server.heldCount,
    createdAt: server.createdAt,
    updatedAt: server.updatedAt,
  },
  relationships: { operation: toOne('operations', server.operationId) },
  links: { self: `/servers/${server.id}` },
});

const healthReasonInWords = (language: Language, { code, ...told }: HealthReason) => ({
  code,
  detail: detailInWords(language, told),
});

/** Resource `servers` of a registration just sent, before any read model knows of it. */
export const presentNewServer = (
  command: RegisterServer,
  operationId: string,
  now: Date,
  language: Language,
): ResourceOf<typeof serverResource> => {
  const server = { ...command, connection: withoutCredentials(command.connection) };
  return presentServer(newServer(server, operationId, now.toISOString()), language);
};

/** A server whose registration is not decided yet. */
export const undecidedServer = ({ made, operationId, acceptedAt }: Receipt): ServerView | null =>
  made?.type === 'server' ? newServer(made.server, operationId, acceptedAt) : null;

const newServer = (
  command: Extract<Made, { type: 'server' }>['server'],
  operationId: string,
  at: string,
): ServerView => ({
  id: command.serverId,
  name: command.name,
  role: command.role,
  domain: command.domain,
  connection: command.connection,
  active: command.active,
  capacity: command.capacity,
  proxy: command.proxy,
  ...(command.limits === undefined ? {} : { limits: command.limits }),
  status: 'preparing',
  failure: null,
  facts: null,
  health: 'unknown',
  healthReasons: [],
  healthCheckedAt: null,
  alerts: [],
  clientCount: 0,
  heldCount: 0,
  operationId,
  createdAt: at,
  updatedAt: at,
});

/** Resource `images`. Its id is Docker's: several references may name one image, and one reference another image later. */
export const presentImage = (image: ServerImage): ResourceOf<typeof imageResource> => ({
  type: 'images',
  id: image.id,
  attributes: {
    references: image.references,
    version: image.version,
    sizeBytes: image.sizeBytes,
    createdAt: image.createdAt,
  },
  relationships: { clients: toMany('clients', image.clientIds) },
});
