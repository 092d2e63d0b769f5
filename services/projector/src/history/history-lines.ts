import {
  bulkOf,
  type ClientEvent,
  type CredentialsEvent,
  type HealthReason,
  type HistoryEntry,
  type OperationEvent,
  type OperationView,
  type RecordedHealth,
  type RequestLimits,
  type ServerEvent,
  unicodeDomain,
} from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import { commandTitle, kindTitle } from '../operations/step-titles.ts';

type HistoricOperationEvent = Extract<
  OperationEvent,
  {
    type:
      | 'OperationChildrenPlanned'
      | 'OperationRejected'
      | 'OperationCancelRequested'
      | 'OperationSucceeded'
      | 'OperationFailed'
      | 'OperationCancelled';
  }
>;

/** Events of audit value: facts about servers, clients and credentials, who asked to cancel, and what was done with many clients at once. */
export type HistoricEvent = ServerEvent | ClientEvent | CredentialsEvent | HistoricOperationEvent;

/** True for the events of an operation that stand in the history. What an operation on one client comes to is told by the client itself. */
export const isHistoric = (
  recorded: RecordedEvent<OperationEvent>,
  { kind, target }: HistoricOperation,
): recorded is RecordedEvent<HistoricOperationEvent> => {
  const { type } = recorded;
  if (type === 'OperationCancelRequested') return true;
  // A long plan comes in parts, of which the first says what all are about.
  if (type === 'OperationChildrenPlanned') return (recorded.data.part?.number ?? 1) === 1;
  if (type === 'OperationRejected')
    return target.type !== 'none' || recorded.data.requestedKind !== undefined;
  const isEnd = type === 'OperationSucceeded' || type === 'OperationFailed' || type === 'OperationCancelled';
  return isEnd && bulkOf(kind) !== null;
};

/** What an entry of the audit trail says of its event; the rest of it comes from the event's metadata. */
export type HistoryLine = Pick<HistoryEntry, 'kind' | 'summary' | 'reason' | 'target' | 'operationId'>;

/** What an entry needs to know of the operation that its event belongs to. */
export type HistoricOperation = Pick<OperationView, 'kind' | 'target'>;

/**
 * One event in words for people. Pure. Says nothing that is sealed in the event, so it can be read when the keys are gone.
 * @param operation null while nothing is known of it
 */
export const historyLine = (
  recorded: RecordedEvent<HistoricEvent>,
  operation: HistoricOperation | null,
): HistoryLine => ({
  kind: recorded.type,
  target: targetOf(recorded, operation),
  operationId: operationIdOf(recorded),
  ...wordsOf(recorded, operation),
});

/** The whole entry of one event. Pure. */
export const historyEntry = (
  recorded: RecordedEvent<HistoricEvent>,
  operation: HistoricOperation | null,
): HistoryEntry => {
  const { at, actor, correlationId, commandId } = recorded.metadata;
  return { id: recorded.id, at, actor, ...historyLine(recorded, operation), correlationId, commandId };
};

/** The operation that an event belongs to; null when it belongs to none. */
export const operationIdOf = ({ data }: HistoricEvent): string | null =>
  'operationId' in data ? data.operationId : null;

const targetOf = ({ data }: HistoricEvent, operation: HistoricOperation | null): HistoryLine['target'] => {
  if ('clientId' in data) return { type: 'client', id: data.clientId };
  if ('serverId' in data) return { type: 'server', id: data.serverId };
  return operation?.target ?? { type: 'none', id: null };
};

type Words = Pick<HistoryLine, 'summary' | 'reason'>;

const words = (summary: string, reason: string | null = null): Words => ({ summary, reason });

const wordsOf = (event: HistoricEvent, operation: HistoricOperation | null): Words => {
  const what = operation === null ? 'Operation' : kindTitle(operation.kind);
  if (isAbout('Client', event)) return clientWords(event, what);
  if (isAbout('Server', event)) return serverWords(event);
  switch (event.type) {
    case 'AdminCredentialsChanged': {
      const { login, loginChanged } = event.data;
      return words(`Administrator's password changed${loginChanged ? `, login changed to "${login}"` : ''}`);
    }
    case 'OperationChildrenPlanned': {
      const { part, children, skipped } = event.data;
      const [toDo, leftOut] = [part?.children ?? children.length, part?.skipped ?? skipped.length];
      return words(`${what} begun: ${toDo} to do, ${leftOut} left out`);
    }
    case 'OperationRejected':
      return words(`${commandTitle(event.data.command)} not begun`, event.data.cause.reason);
    case 'OperationSucceeded':
      return words(`${what} ${endings.ok}`);
    case 'OperationFailed':
      return words(`${what} ${endings.error}`, event.data.cause.reason);
    case 'OperationCancelled':
      return words(`${what} ${endings.cancelled}`);
    case 'OperationCancelRequested':
      return words(`${what}: asked to cancel`, event.data.reason);
    default:
      return event satisfies never;
  }
};

const isAbout = <Prefix extends 'Client' | 'Server'>(
  prefix: Prefix,
  event: HistoricEvent,
): event is Extract<HistoricEvent, { type: `${Prefix}${string}` }> => event.type.startsWith(prefix);

const serverWords = (event: ServerEvent): Words => {
  switch (event.type) {
    case 'ServerRegistered':
      return words(`Server "${event.data.name}" registered for ${unicodeDomain(event.data.domain)}`);
    case 'ServerBecameReady': {
      const { dockerVersion, operatingSystem } = event.data.facts;
      return words(`Server ready: Docker ${dockerVersion} on ${operatingSystem}`);
    }
    case 'ServerPreparationFailed':
      return words(`${kindTitle('server.prepare')} ${endings.error}`, event.data.reason);
    case 'ServerPreparationBegun':
      return words(begunAgain);
    case 'ServerHealthChanged':
      return words(healthWords[event.data.health], details(event.data.reasons));
    case 'ServerMended':
      return words('What differed on the server was put right', details(event.data.mended));
    case 'ServerChanged': {
      const { serverId: _, operationId, ...changes } = event.data;
      const isOnlyPrepared = operationId !== null && Object.keys(changes).length === 0;
      return words(isOnlyPrepared ? begunAgain : `Server changed: ${serverChanges(event.data)}`);
    }
    case 'ServerRemoved':
      return words('Server removed');
    default:
      return event satisfies never;
  }
};

const clientWords = (event: ClientEvent, what: string): Words => {
  switch (event.type) {
    case 'ClientCreationRequested': {
      const { slug, image, expireDate } = event.data;
      return words(`Client "${slug}" asked for: image ${image}, last day of use ${expireDate}`);
    }
    case 'ClientCreated':
      return words(`Client created from image ${event.data.image}`);
    case 'ClientCreationFailed': {
      const { code, reason } = event.data;
      return words(`${kindTitle('client.create')} ${endings[code === 'cancelled' ? code : 'error']}`, reason);
    }
    case 'ClientOperationBegun':
      return words(`${kindTitle(event.data.kind)} begun`);
    case 'ClientOperationEnded':
      return words(`${what} ${endings[event.data.status]}`);
    case 'ClientExpireDateChanged': {
      const { from, to, reason } = event.data;
      return words(
        `Last day of use ${from <= to ? 'extended' : 'brought forward'} from ${from} to ${to}`,
        reason,
      );
    }
    case 'ClientMaintenanceEnabled': {
      const { message } = event.data;
      return words(
        `Maintenance page turned on${message === null ? '' : `: "${message.replaceAll('\n', ' ')}"`}`,
      );
    }
    case 'ClientMaintenanceDisabled':
      return words('Maintenance page turned off');
    case 'ClientDemoEnabled':
      return words('Demo data put in');
    case 'ClientDemoDisabled':
      return words('Demo data removed');
    case 'ClientOwnerPasswordChanged':
      return words("Owner's password changed");
    case 'ClientUsersCounted':
      return words(`Users counted: ${event.data.users}`);
    case 'ClientRebooted':
      return words('Client restarted');
    case 'ClientChanged':
      return words(`Attributes changed: ${clientChanges(event.data)}`);
    case 'ClientCloudSettingsChanged':
      return words(`Cloud settings changed: ${settingsChanges(event.data)}`);
    case 'ClientCloudSettingsMended':
      return words(
        `Cloud settings differed in the client's database, put right: ${list(event.data.columns)}`,
      );
    case 'ClientImageSwitched': {
      const { from, to, imageId, fromImageId } = event.data;
      // The same name tells nothing: only the ids differ.
      return words(
        from === to && fromImageId !== undefined
          ? `Image ${to} switched from ${shortId(fromImageId)} to ${shortId(imageId)}`
          : `Image switched from ${from} to ${to}`,
      );
    }
    case 'ClientContainerReplaced':
      return words(`Container replaced by a new one from image ${event.data.image}`);
    case 'ClientMigrated':
      return words('Database migrated');
    case 'ClientBackedUp': {
      const { backupId, kind, storage, keepUntil, warnings } = event.data;
      const content = storage === null ? 'database' : 'database and storage';
      const made = `Backup ${backupId} of ${content} made ${purposes[kind]}, kept until ${keepUntil}`;
      return words(`${made}${named('; does not work and is in it as text only', warnings)}`);
    }
    case 'ClientBackupRemoved':
      return words(`Backup ${event.data.backupId} removed`);
    case 'ClientRestored': {
      const { clientId, backupId, backupOf, warnings } = event.data;
      const whose = backupOf === clientId ? '' : ` of client ${backupOf}`;
      return words(`Backup ${backupId}${whose} put back${named('; not back or not working', warnings)}`);
    }
    case 'ClientDeleted':
      return words('Client deleted');
    case 'ClientAvailabilityChanged':
      return words(availabilityWords(event.data.available), event.data.reason);
    default:
      return event satisfies never;
  }
};

type Ended = Extract<ClientEvent, { type: 'ClientOperationEnded' }>['data'];

const endings: { readonly [Status in Ended['status']]: string } = {
  ok: 'ended well',
  error: 'ended with an error',
  cancelled: 'cancelled',
};

type DataOf<Type extends ServerEvent['type'] | ClientEvent['type']> = Extract<
  ServerEvent | ClientEvent,
  { type: Type }
>['data'];

const purposes: { readonly [Kind in DataOf<'ClientBackedUp'>['kind']]: string } = {
  manual: 'on request',
  scheduled: 'by schedule',
  migration: 'before a migration',
  restore: 'before a restoration',
  final: 'before the deletion',
};

const namesMax = 5;

const named = (words: string, warnings: DataOf<'ClientRestored'>['warnings'] = []): string => {
  if (warnings.length === 0) return '';
  const names = warnings.slice(0, namesMax).map(({ kind, name }) => `${kind} ${name}`);
  const more = warnings.length > namesMax ? ` and ${warnings.length - namesMax} more` : '';
  return `${words}: ${names.join(', ')}${more}`;
};

const availabilityWords = (available: boolean | null): string => {
  if (available === null) return 'Nobody can tell whether the client is available';
  return available ? 'Client available' : 'Client not available';
};

const begunAgain = `${kindTitle('server.prepare')} begun again`;

const healthWords: { readonly [Health in RecordedHealth]: string } = {
  ok: 'Server well',
  degraded: 'Server serves its clients and needs attention',
  down: 'Server does not serve its clients',
};

const details = (reasons: readonly HealthReason[]): string | null =>
  reasons.length === 0 ? null : reasons.map(({ detail }) => detail).join('; ');

const list = (parts: readonly (string | undefined)[]): string => {
  const told = parts.filter((part) => part !== undefined);
  return told.length === 0 ? 'nothing' : told.join('; ');
};

/** Of personal attributes only the names: the entry outlives the client's key. */
const clientChanges = ({ personalChanged, locale, limits, aliases }: DataOf<'ClientChanged'>): string =>
  list([
    ...personalChanged,
    locale && `locale ${locale}`,
    limits &&
      `limits ${limits.memoryMb} MiB, CPUs ${limits.cpus}, processes ${limits.pids}${requestLimits(limits)}`,
    aliases &&
      (aliases.length === 0 ? 'no further names' : `further names ${aliases.map(unicodeDomain).join(', ')}`),
  ]);

const requestLimits = ({ uploadMb, requestTimeoutS }: RequestLimits): string =>
  [
    uploadMb === undefined ? '' : `, uploads ${uploadMb} MiB`,
    requestTimeoutS === undefined ? '' : `, requests ${requestTimeoutS} s`,
  ].join('');

const onOff = (name: string, value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : `${name} ${value ? 'on' : 'off'}`;

const settingsChanges = ({ quickStart, tutorial }: DataOf<'ClientCloudSettingsChanged'>): string =>
  list([onOff('quick start', quickStart), onOff('tutorial', tutorial)]);

const serverChanges = (data: DataOf<'ServerChanged'>): string => {
  const { name, role, domain, connection, active, capacity, proxy, limits } = data;
  return list([
    name && `name "${name}"`,
    role && `role ${role}`,
    domain && `domain ${unicodeDomain(domain)}`,
    connection && (connection.kind === 'ssh' ? `connection to ${connection.host}` : 'local connection'),
    active === undefined ? undefined : active ? 'active' : 'not active',
    capacity && `room for ${capacity.clients} clients`,
    proxy && `ports ${[proxy.httpPort, proxy.httpsPort].filter((port) => port !== undefined).join(', ')}`,
    limits && `limits of requests${requestLimits(limits) || ' as by default'}`,
  ]);
};

/** As `docker images` shows it. */
const shortId = (imageId: string): string => imageId.replace(/^sha256:/, '').slice(0, 12);
