import { unicodeDomain } from '../values/domain-names.ts';
import type { MailTemplate, MailTransportKind } from '../attributes/mails.ts';
import type { AlertCode } from '../events/alerts.ts';
import type { ClientEvent } from '../events/clients.ts';
import type { HostKeyOwner } from '../attributes/servers.ts';
import type { RecordedHealth, ServerEvent } from '../events/servers.ts';
import type { OperationName } from '../operations/kinds.ts';
import { titleAskedFor, titleOf } from '../operations/titles.ts';
import type { RequestLimits } from '../values/primitives.ts';
import { alertTitle } from './alert-titles.ts';

type ClientData<Type extends ClientEvent['type']> = Extract<ClientEvent, { type: Type }>['data'];
type ServerData<Type extends ServerEvent['type']> = Extract<ServerEvent, { type: Type }>['data'];
export type Ending = ClientData<'ClientOperationEnded'>['status'];
/** Null: it is not known which operation it was. */
export type KnownKind = OperationName | null;
/** `about`: path of the disk. */
export interface Alert {
  alert: AlertCode;
  about: string | null;
}
/** `of`: whose host key it is. */
export interface OwnedKey {
  fingerprint: string;
  of: HostKeyOwner;
}
export type Broken = readonly { kind: string; name: string }[];

const endings: { readonly [Each in Ending]: string } = {
  ok: 'ended well',
  error: 'ended with an error',
  cancelled: 'cancelled',
};

const keyOwners: { readonly [Each in HostKeyOwner]: string } = {
  server: 'the server',
  jump: 'the jump host',
};

const purposes: { readonly [Kind in ClientData<'ClientBackedUp'>['kind']]: string } = {
  manual: 'on request',
  scheduled: 'by schedule',
  migration: 'before a migration',
  restore: 'before a restoration',
  final: 'before the deletion',
  move: 'before a move was taken back',
};

const health: { readonly [Each in RecordedHealth]: string } = {
  ok: 'Server well',
  degraded: 'Server serves its clients and needs attention',
  down: 'Server does not serve its clients',
};

const mails: { readonly [Each in MailTemplate]: string } = {
  success: 'Mail with the access to the cloud',
  expire: 'Mail about the end of use',
};

const title = (kind: KnownKind): string => (kind === null ? 'Operation' : titleOf(kind).en);

const namesMax = 5;
const broken = (words: string, warnings: Broken): string => {
  if (warnings.length === 0) return '';
  const names = warnings.slice(0, namesMax).map(({ kind, name }) => `${kind} ${name}`);
  const more = warnings.length > namesMax ? ` and ${warnings.length - namesMax} more` : '';
  return `${words}: ${names.join(', ')}${more}`;
};

const about = (alert: Alert): string => (alert.about === null ? '' : ` (${alert.about})`);

const list = (parts: readonly (string | undefined)[]): string => {
  const told = parts.filter((part) => part !== undefined);
  return told.length === 0 ? 'nothing' : told.join('; ');
};

const requestLimits = ({ uploadMb, requestTimeoutS }: RequestLimits): string =>
  [
    uploadMb === undefined ? '' : `, uploads ${uploadMb} MiB`,
    requestTimeoutS === undefined ? '' : `, requests ${requestTimeoutS} s`,
  ].join('');

const inShort = (names: readonly string[]): string => {
  const more = names.length > namesMax ? ` and ${names.length - namesMax} more` : '';
  return names.length === 0 ? 'none' : `${names.slice(0, namesMax).join(', ')}${more}`;
};

const onOff = (name: string, value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : `${name} ${value ? 'on' : 'off'}`;

/** What the history says, in English. Its parameters are what every other language gets. */
export const historyEn = {
  clientAskedFor: (of: { slug: string; image: string; expireDate: string }) =>
    `Client "${of.slug}" asked for: image ${of.image}, last day of use ${of.expireDate}`,
  clientCreated: (of: { image: string }) => `Client created from image ${of.image}`,
  operationBegun: (of: { kind: KnownKind }) => `${title(of.kind)} begun`,
  operationEnded: (of: { kind: KnownKind; status: Ending }) => `${title(of.kind)} ${endings[of.status]}`,
  cancelRequested: (of: { kind: KnownKind }) => `${title(of.kind)}: asked to cancel`,
  notBegun: (of: { command: string }) => `${titleAskedFor(of.command).en} not begun`,
  manyBegun: (of: { kind: KnownKind; toDo: number; leftOut: number }) =>
    `${title(of.kind)} begun: ${of.toDo} to do, ${of.leftOut} left out`,
  manyPlanned: (of: { toDo: number; leftOut: number }) => `${of.toDo} to do, ${of.leftOut} left out`,
  expireDateChanged: ({ from, to }: { from: string; to: string }) =>
    `Last day of use ${from <= to ? 'extended' : 'brought forward'} from ${from} to ${to}`,
  maintenanceEnabled: ({ message }: { message: string | null }) =>
    `Maintenance page turned on${message === null ? '' : `: "${message.replaceAll('\n', ' ')}"`}`,
  maintenanceDisabled: () => 'Maintenance page turned off',
  demoEnabled: () => 'Demo data put in',
  demoDisabled: () => 'Demo data removed',
  ownerPasswordChanged: () => "Owner's password changed",
  usersCounted: (of: { users: number }) => `Users counted: ${of.users}`,
  clientRebooted: () => 'Client restarted',
  /** Of personal attributes only the names: the entry outlives the client's key. */
  clientChanged: (
    of: Pick<
      ClientData<'ClientChanged'>,
      'personalChanged' | 'locale' | 'limits' | 'aliases' | 'expiryWarnings'
    >,
  ) => {
    const { personalChanged, locale, limits, aliases, expiryWarnings } = of;
    const changes = list([
      ...personalChanged,
      locale && `locale ${locale}`,
      limits &&
        `limits ${limits.memoryMb} MiB, CPUs ${limits.cpus}, processes ${limits.pids}${requestLimits(limits)}`,
      aliases &&
        (aliases.length === 0
          ? 'no further names'
          : `further names ${aliases.map(unicodeDomain).join(', ')}`),
      onOff('warnings of the end of use', expiryWarnings),
    ]);
    return `Attributes changed: ${changes}`;
  },
  cloudSettingsChanged: ({
    quickStart,
    tutorial,
  }: Pick<ClientData<'ClientCloudSettingsChanged'>, 'quickStart' | 'tutorial'>) =>
    `Cloud settings changed: ${list([onOff('quick start', quickStart), onOff('tutorial', tutorial)])}`,
  cloudSettingsMended: (of: { columns: readonly string[] }) =>
    `Cloud settings differed in the client's database, put right: ${list(of.columns)}`,
  virtualHostMended: (of: { was: 'missing' | 'changed' }) =>
    of.was === 'missing'
      ? 'Virtual host was gone from the server, put back'
      : 'Virtual host had been changed on the server by something else, put right',
  imageSwitched: (of: { from: string; to: string }) => `Image switched from ${of.from} to ${of.to}`,
  /** The same name means another image by now. Ids as `docker images` shows them. */
  imageRenewed: (of: { image: string; from: string; to: string }) =>
    `Image ${of.image} switched from ${of.from} to ${of.to}`,
  containerReplaced: (of: { image: string }) => `Container replaced by a new one from image ${of.image}`,
  clientMigrated: () => 'Database migrated',
  clientBackedUp: (of: {
    backupId: string;
    kind: ClientData<'ClientBackedUp'>['kind'];
    withStorage: boolean;
    keepUntil: string;
    warnings: Broken;
  }) => {
    const content = of.withStorage ? 'database and storage' : 'database';
    const made = `Backup ${of.backupId} of ${content} made ${purposes[of.kind]}, kept until ${of.keepUntil}`;
    return `${made}${broken('; does not work and is in it as text only', of.warnings)}`;
  },
  backupMoved: (of: { backupId: string; server: string }) =>
    `Backup ${of.backupId} brought to server "${of.server}", where it was needed`,
  backupRemoved: (of: { backupId: string }) => `Backup ${of.backupId} removed`,
  clientRestored: (of: { backupId: string; otherClient: string | null; warnings: Broken }) => {
    const whose = of.otherClient === null ? '' : ` of client ${of.otherClient}`;
    return `Backup ${of.backupId}${whose} put back${broken('; not back or not working', of.warnings)}`;
  },
  clientMoved: (of: { from: string; to: string; holdUntil: string }) =>
    `Client moved from server "${of.from}" to server "${of.to}"; the former one keeps it until ${of.holdUntil}`,
  moveUndone: (of: { from: string; to: string; backupId: string }) =>
    `Move taken back: client on server "${of.to}" again as it was; what it had on server "${of.from}" is in backup ${of.backupId}`,
  moveReleased: (of: { server: string }) => `Client removed from server "${of.server}", which it had left`,
  copyAskedFor: (of: { slug: string; image: string; sourceClientId: string }) =>
    `Copy "${of.slug}" of client ${of.sourceClientId} asked for: image ${of.image}`,
  clientCopied: (of: { slug: string; copyId: string; serverId: string; again: boolean }) =>
    of.again
      ? `Copied once more into client "${of.slug}" (${of.copyId}) on stage server ${of.serverId}`
      : `Copied into client "${of.slug}" (${of.copyId}) on stage server ${of.serverId}`,
  copyRefreshed: (of: { sourceClientId: string; image: string }) =>
    `Copy made anew out of client ${of.sourceClientId}, image ${of.image}`,
  clientDeleted: () => 'Client deleted',
  availabilityChanged: ({ available }: { available: boolean | null }) => {
    if (available === null) return 'Nobody can tell whether the client is available';
    return available ? 'Client available' : 'Client not available';
  },
  serverRegistered: (of: { name: string; domain: string }) =>
    `Server "${of.name}" registered for ${unicodeDomain(of.domain)}`,
  serverReady: (of: { dockerVersion: string; operatingSystem: string }) =>
    `Server ready: Docker ${of.dockerVersion} on ${of.operatingSystem}`,
  preparedAgain: () => `${title('server.prepare')} begun again`,
  serverHealth: (of: { health: RecordedHealth }) => health[of.health],
  alertRaised: (of: Alert) => `Alert: ${alertTitle(of.alert, 'en')}${about(of)}`,
  alertCleared: (of: Alert) => `Alert over: ${alertTitle(of.alert, 'en')}${about(of)}`,
  serverMended: () => 'What differed on the server was put right',
  serverChanged: (
    of: Omit<ServerData<'ServerChanged'>, 'serverId' | 'operationId' | 'connection'> & {
      /** Null: it is the machine itself. */
      connection?: { host: string | null; jumpHost: string | null };
    },
  ) => {
    const { name, role, domain, connection, active, capacity, proxy, limits } = of;
    const changes = list([
      name && `name "${name}"`,
      role && `role ${role}`,
      domain && `domain ${unicodeDomain(domain)}`,
      connection && (connection.host === null ? 'local connection' : `connection to ${connection.host}`),
      connection && connection.jumpHost !== null ? `through the jump host ${connection.jumpHost}` : undefined,
      active === undefined ? undefined : active ? 'active' : 'not active',
      capacity && `room for ${capacity.clients} clients`,
      proxy && `ports ${[proxy.httpPort, proxy.httpsPort].filter((port) => port !== undefined).join(', ')}`,
      limits && `limits of requests${requestLimits(limits) || ' as by default'}`,
    ]);
    return `Server changed: ${changes}`;
  },
  hostKeyPinned: (key: OwnedKey) => `Host key of ${keyOwners[key.of]} recorded: ${key.fingerprint}`,
  hostKeyAccepted: (key: OwnedKey) =>
    `Host key of ${keyOwners[key.of]} accepted in the place of the former one: ${key.fingerprint}`,
  hostKeyRefused: (key: OwnedKey & { pinnedFingerprint: string }) =>
    `Another host key (${key.fingerprint}) was shown than the recorded one of ${keyOwners[key.of]} (${key.pinnedFingerprint}), and the connection was refused`,
  serverDrained: ({ clients }: { clients: number }) =>
    `No operation runs on the server any more; clients that answer: ${clients}`,
  serverRebooted: (of: { clients: number; awayMs: number }) =>
    `Server rebooted; everything was back after ${duration(of.awayMs)}, clients: ${of.clients}`,
  drainingBegun: () =>
    'Server drained: no client comes there any more, and those who live there are to leave',
  drainingEnded: () => 'Draining of the server ended: clients may come there again',
  serverCleanedUp: (of: { images: number; leftovers: number; freedBytes: number }) =>
    `Cleaned up: images removed: ${of.images}${of.leftovers === 0 ? '' : `, containers and networks of killed smoke tests: ${of.leftovers}`}; ${Math.round(of.freedBytes / 1e6)} MB freed`,
  buildCommit: (of: { commit: string; branch: string; subject: string; isReused: boolean }) =>
    `Commit ${of.commit} of branch ${of.branch}: "${of.subject}"${of.isReused ? ', built before: its image is taken' : ''}`,
  buildImage: (of: { image: string; moving: string }) =>
    `Image ${of.image} built and tested; ${of.moving} means it`,
  buildDistributed: (of: { on: readonly string[]; notOn: readonly string[] }) =>
    `Image on servers: ${inShort(of.on)}${of.notOn.length === 0 ? '' : `; not on: ${inShort(of.notOn)}`}`,
  repositorySet: (of: { url: string; dev: string; prod: string }) =>
    `Images are built from ${of.url}, branches ${of.dev} (dev) and ${of.prod} (prod)`,
  repositoryHostKeyAccepted: (of: { fingerprint: string }) =>
    `Host key of the repository's host accepted: ${of.fingerprint}`,
  sshKeyMade: (of: { fingerprint: string }) => `Key pair for servers made: ${of.fingerprint}`,
  mailSent: (of: { template: MailTemplate; transport: MailTransportKind }) =>
    of.transport === 'smtp'
      ? `${mails[of.template]} handed over to the mail server`
      : `${mails[of.template]} written to a file: no mail server is configured`,
  mailGivenUp: (of: { template: MailTemplate }) => `${mails[of.template]} not sent`,
  mailBounced: (of: { template: MailTemplate }) => `${mails[of.template]} could not be delivered`,
  webhookSet: (of: { url: string; active: boolean }) =>
    `Webhook to ${of.url} set${of.active ? '' : ', switched off'}`,
  webhookRemoved: () => 'Webhook removed',
  passwordLinkOpened: () => 'Password shown by the one-time link of a mail',
  serverRemoved: () => 'Server removed',
  credentialsChanged: ({ login }: { login: string | null }) =>
    `Administrator's password changed${login === null ? '' : `, login changed to "${login}"`}`,
  /** One operation as a whole; null while it goes on. */
  operation: (of: { kind: KnownKind; status: Ending | null; durationMs: number | null }) => {
    if (of.status === null) return `${title(of.kind)} begun`;
    const after = of.durationMs === null ? '' : ` after ${duration(of.durationMs)}`;
    return `${title(of.kind)} ${endings[of.status]}${after}`;
  },
};

/** `340 ms`, `1.2 s`, `2 min 5 s`. */
const duration = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${Number((milliseconds / 1000).toFixed(1))} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};
