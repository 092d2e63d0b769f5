import type {
  AlertView,
  BuildEvent,
  Change,
  ClientEvent,
  ControlPlaneEvent,
  MailEvent,
  OperationEvent,
  ServerEvent,
} from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import { isBackupEvent } from '../backups/project-backup.ts';
import type { StoredClient } from '../clients/project-client.ts';
import type { StoredView } from '../operations/project-operation.ts';
import type { StoredServer } from '../servers/project-server.ts';

/** The resources that look other than before through an event. Pure; an event that is applied again says the same. */

const change = (
  type: Change['type'],
  id: string,
  { clientId = null, serverId = null, removed = false }: Partial<Change> = {},
): Change => ({ type, id, clientId, serverId, removed });

/**
 * @param after of which events may still come after it was removed
 * @param alerts those of the server before the event, which end with it
 */
export const touchedByServer = (
  { type, data }: RecordedEvent<ServerEvent>,
  { status }: Pick<StoredServer, 'status'>,
  alerts: readonly AlertView[],
): Change[] => {
  const { serverId } = data;
  const ended = type === 'ServerRemoved' ? alerts.map(({ id }) => id) : [];
  const alertIds = type === 'ServerAlertRaised' || type === 'ServerAlertCleared' ? [data.alertId] : ended;
  return [
    change('servers', serverId, { removed: status === 'removed' }),
    ...alertIds.map((id) => change('alerts', id, { serverId })),
  ];
};

export const touchedByControlPlane = ({ data }: RecordedEvent<ControlPlaneEvent>): Change[] => [
  change('alerts', data.alertId),
];

/** @param sourceOf finds the client that this one is a copy of, which lists its copies */
export const touchedByClient = (
  before: StoredClient | null,
  after: StoredClient,
  recorded: RecordedEvent<ClientEvent>,
  sourceOf: (id: string) => StoredClient | null,
): Change[] => {
  const changes: Change[] = [];
  if (before?.status !== 'deleted') changes.push(ofClient(after));
  if (isBackupEvent(recorded)) {
    changes.push(change('backups', recorded.data.backupId, { clientId: after.id }));
  }
  const [was, is] = [placesOf(before), placesOf(after)];
  if (was.join() !== is.join()) {
    // They show how many clients they have.
    changes.push(...[...new Set([...was, ...is])].map((id) => change('servers', id)));
    const source = after.sourceClientId === null ? null : sourceOf(after.sourceClientId);
    if (source !== null) changes.push(ofClient(source));
  }
  return changes;
};

const ofClient = ({ id, serverId, status }: StoredClient): Change =>
  change('clients', id, { serverId, removed: status === 'deleted' });

const placesOf = (client: StoredClient | null): string[] =>
  client === null || client.status === 'deleted'
    ? []
    : [client.serverId, ...(client.held === null ? [] : [client.held.serverId])];

/** @returns nothing for what only the log shows, which is as frequent as output */
export const touchedByOperation = (
  before: StoredView | null,
  after: StoredView,
  { type }: RecordedEvent<OperationEvent>,
): Change[] => {
  if (after === before && type !== 'OperationChildrenPlanned') return [];
  const { id, target, parentId, status } = after;
  return [
    change('operations', id, {
      clientId: target.type === 'client' ? target.id : null,
      serverId: target.type === 'server' ? target.id : null,
    }),
    // It shows how many of its children have come how far.
    ...(parentId !== null && status !== before?.status ? [change('operations', parentId)] : []),
  ];
};

export const touchedByMail = ({ data: { mailId } }: RecordedEvent<MailEvent>, clientId: string): Change[] => [
  change('mails', mailId, { clientId }),
];

export const touchedByBuild = (
  { data: { operationId } }: RecordedEvent<BuildEvent>,
  serverId: string,
): Change[] => [change('builds', operationId, { serverId })];
