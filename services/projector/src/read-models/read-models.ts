import type {
  AlertView,
  BuildEvent,
  ClientEvent,
  ControlPlaneEvent,
  CredentialsEvent,
  MailEvent,
  NoticeEvent,
  OperationEvent,
  PasswordLinkEvent,
  RepositoryEvent,
  ServerEvent,
  SshKeyEvent,
  WebhookEvent,
} from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';
import { inTransaction } from '@alfa-cloud/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import { raisedAlert } from '../alerts/project-alert.ts';
import { isBackupEvent, projectBackup, type BackupEvent } from '../backups/project-backup.ts';
import { projectBuild } from '../builds/project-build.ts';
import { expireDateChange } from '../clients/expire-dates.ts';
import type { OpenedPersonalData } from '../clients/personal-data.ts';
import { projectClient } from '../clients/project-client.ts';
import { isHistoric, isHistoricMail, type HistoricEvent } from '../history/historic-events.ts';
import { historyEntry, operationIdOf } from '../history/history-lines.ts';
import { logLines } from '../operations/log-lines.ts';
import { mailOfCreation, projectMail } from '../mails/project-mail.ts';
import { projectNotice } from '../notices/project-notice.ts';
import { plannedIn, projectOperation } from '../operations/project-operation.ts';
import { projectServer } from '../servers/project-server.ts';
import { aggregateOf } from './aggregates.ts';
import { emptyLog } from './database.ts';
import { openTables, type Checkpoint, type Tables } from './tables.ts';
import {
  touchedByBuild,
  touchedByClient,
  touchedByControlPlane,
  touchedByMail,
  touchedByOperation,
  touchedByServer,
} from './touched.ts';

/** What a batch came to. */
export interface Applied {
  /** Events that changed a row. */
  projected: number;
  /** Events that no projection knows, or that speak of something never begun. */
  ignored: number;
  /** Whether one was raised or cleared. */
  alertsChanged: boolean;
  /** Operations whose view or log has changed. */
  operationIds: string[];
  /** Operations over many clients of which a child has begun or ended. */
  parentIds: string[];
  /** Clients and servers whose views have changed. */
  clientIds: string[];
  serverIds: string[];
  /** Whether there is anything new to be told to those who follow changes. */
  touched: boolean;
}

/** The tables as the projections see them. */
export interface ReadModels {
  checkpoint(): Checkpoint | null;
  /**
   * Applies events in their order, with the new checkpoint, in one transaction. Events at or before the checkpoint are left out,
   * so a batch delivered twice counts once. Takes no turn of the event loop: queries see all of it or nothing.
   */
  apply(events: readonly RecordedEvent[], personal: OpenedPersonalData): Applied;
}

export const createReadModels = (database: DatabaseSync): ReadModels => {
  const tables = openTables(database);
  return {
    checkpoint: () => tables.checkpoint(),
    apply(events, personal) {
      try {
        const applied = inTransaction(database, () => applyInside(tables, events, personal));
        if (events.some(({ type }) => type === 'ClientDeleted')) emptyLog(database);
        return applied;
      } catch (error) {
        tables.forgetCached();
        throw error;
      }
    },
  };
};

const applyInside = (
  tables: Tables,
  events: readonly RecordedEvent[],
  personal: OpenedPersonalData,
): Applied => {
  const done = tables.checkpoint()?.position ?? -1n;
  let projected = 0;
  let ignored = 0;
  let first: string | null = null;
  let last: Checkpoint | null = null;
  const parentIds = new Set<string>();
  for (const recorded of events) {
    if (recorded.position <= done) continue;
    if (project({ tables, parentIds }, recorded, personal)) projected += 1;
    else ignored += 1;
    first ??= recorded.id;
    last = { position: recorded.position, eventId: recorded.id };
  }
  const applied = {
    projected,
    ignored,
    serverIds: tables.servers.flush(),
    clientIds: tables.clients.flush(),
    operationIds: tables.operations.flush(),
    parentIds: [...parentIds],
    alertsChanged: tables.takeAlertsChanged(),
    touched: tables.flushChanges(),
  };
  tables.backups.flush();
  if (last !== null && first !== null) tables.setCheckpoint(last, first);
  return applied;
};

/** What the events of a batch change. */
interface Changes {
  tables: Tables;
  parentIds: Set<string>;
}

/** @returns false when the event is of an unknown type or speaks of something never begun */
const project = (changes: Changes, recorded: RecordedEvent, personal: OpenedPersonalData): boolean => {
  const { tables } = changes;
  const aggregate = aggregateOf(recorded.type);
  switch (aggregate) {
    case 'server':
      return intoServers(tables, recorded as RecordedEvent<ServerEvent>);
    case 'client':
      return intoClients(tables, recorded as RecordedEvent<ClientEvent>, personal);
    case 'operation':
      return intoOperations(changes, recorded as RecordedEvent<OperationEvent>);
    case 'credentials':
    case 'ssh-key':
    case 'webhook':
    case 'repository':
      intoHistory(
        tables,
        recorded as RecordedEvent<CredentialsEvent | SshKeyEvent | WebhookEvent | RepositoryEvent>,
      );
      return true;
    case 'password-link':
      intoPasswordLinks(tables, recorded as RecordedEvent<PasswordLinkEvent>);
      return true;
    case 'notice':
      return intoNotices(tables, recorded as RecordedEvent<NoticeEvent>);
    case 'mail':
      return intoMails(tables, recorded as RecordedEvent<MailEvent>);
    case 'build':
      return intoBuilds(tables, recorded as RecordedEvent<BuildEvent>);
    case 'control-plane':
      return intoControlPlane(tables, recorded as RecordedEvent<ControlPlaneEvent>);
    case 'reservation':
    case 'placement':
    case 'bulk':
      return true;
    case undefined:
      return false;
    default:
      return aggregate satisfies never;
  }
};

const intoServers = (tables: Tables, recorded: RecordedEvent<ServerEvent>): boolean => {
  const { serverId } = recorded.data;
  const current = tables.servers.get(serverId);
  const server = projectServer(current, recorded);
  if (server === null) return false;
  tables.servers.set(serverId, server);
  const alerts = current?.alerts ?? [];
  intoAlerts(tables, recorded, alerts);
  tables.touch(recorded.position, touchedByServer(recorded, server, alerts));
  intoHistory(tables, recorded);
  return true;
};

const intoControlPlane = (tables: Tables, recorded: RecordedEvent<ControlPlaneEvent>): boolean => {
  intoAlerts(tables, recorded, []);
  tables.touch(recorded.position, touchedByControlPlane(recorded));
  intoHistory(tables, recorded);
  return true;
};

/** @param raised alerts of the same server before the event */
const intoAlerts = (
  tables: Tables,
  recorded: RecordedEvent<ServerEvent | ControlPlaneEvent>,
  raised: readonly AlertView[],
): void => {
  const { type, data, metadata } = recorded;
  if (type === 'ServerAlertRaised' || type === 'ControlPlaneAlertRaised') {
    tables.addAlert(raisedAlert(recorded));
  } else if (type === 'ServerAlertCleared' || type === 'ControlPlaneAlertCleared') {
    tables.clearAlert(data.alertId, metadata.at);
  } else if (type === 'ServerRemoved') {
    for (const { id } of raised) tables.clearAlert(id, metadata.at);
  }
};

const intoClients = (
  tables: Tables,
  recorded: RecordedEvent<ClientEvent>,
  personal: OpenedPersonalData,
): boolean => {
  const { clientId } = recorded.data;
  const current = tables.clients.get(clientId);
  const client = projectClient(current, recorded, personal.get(recorded.id) ?? null);
  if (client === null) return false;
  if (client !== current) tables.clients.set(clientId, client);
  if (isBackupEvent(recorded)) intoBackups(tables, recorded);
  else if (recorded.type === 'ClientAvailabilityChanged') tables.setAvailability(recorded.data);
  else if (recorded.type === 'ClientCreated') {
    if (client.sendSuccess) tables.setMail(mailOfCreation(recorded));
  } else if (recorded.type === 'ClientDeleted') {
    tables.forgetAvailability(clientId);
    tables.forgetWantedMails(clientId);
  } else if (recorded.type === 'ClientExpireDateChanged') {
    tables.addExpireDateChange(recorded.position, clientId, expireDateChange(recorded));
  }
  const sourceOf = (id: string) => tables.clients.get(id);
  tables.touch(recorded.position, touchedByClient(current, client, recorded, sourceOf));
  intoHistory(tables, recorded);
  return true;
};

const intoMails = (tables: Tables, recorded: RecordedEvent<MailEvent>): boolean => {
  const mail = projectMail(tables.mail(recorded.data.mailId), recorded);
  if (mail === null) return false;
  tables.setMail(mail);
  tables.touch(recorded.position, touchedByMail(recorded, mail.view.clientId));
  if (isHistoricMail(recorded)) intoHistory(tables, recorded);
  return true;
};

/** Only the opening is of audit value: that a link was issued follows from its mail. */
const intoPasswordLinks = (tables: Tables, recorded: RecordedEvent<PasswordLinkEvent>): void => {
  if (recorded.type === 'PasswordLinkOpened') intoHistory(tables, recorded);
};

const intoNotices = (tables: Tables, recorded: RecordedEvent<NoticeEvent>): boolean => {
  const notice = projectNotice(tables.notice(recorded.data.noticeId), recorded);
  if (notice !== null) tables.setNotice(notice);
  return notice !== null;
};

const intoBuilds = (tables: Tables, recorded: RecordedEvent<BuildEvent>): boolean => {
  // Until its turn comes it is an operation that waits, and no build.
  if (recorded.type === 'BuildQueued') return false;
  const { type, data } = recorded;
  const reusedFrom = type === 'BuildCommitChosen' ? data.reusedFrom : null;
  const reused = reusedFrom === null ? null : tables.build(reusedFrom);
  const build = projectBuild(tables.build(data.operationId), recorded, reused);
  if (build === null) return false;
  tables.setBuild(build);
  tables.touch(recorded.position, touchedByBuild(recorded, build.serverId));
  intoHistory(tables, recorded);
  return true;
};

const intoBackups = (tables: Tables, recorded: RecordedEvent<BackupEvent>): void => {
  const { backupId } = recorded.data;
  const stored = tables.backups.get(backupId);
  const view = projectBackup(stored?.view ?? null, recorded);
  if (view !== null)
    tables.backups.set(backupId, { number: stored?.number ?? tables.nextBackupNumber(), view });
};

const intoOperations = ({ tables, parentIds }: Changes, recorded: RecordedEvent<OperationEvent>): boolean => {
  const { operationId } = recorded.data;
  const stored = tables.operations.get(operationId);
  const planned = recorded.type === 'OperationRejected' ? tables.plannedChild(operationId) : null;
  const view = projectOperation(stored?.view ?? null, recorded, planned);
  if (view === null) return false;
  const number = stored?.number ?? tables.nextOperationNumber();
  const plan = plannedIn(stored?.plan ?? null, recorded) ?? stored?.plan ?? null;
  tables.operations.set(operationId, { number, view, plan });
  if (recorded.type === 'OperationChildrenPlanned') {
    for (const child of recorded.data.children) {
      tables.addPlannedChild(child.operationId, { parentId: operationId, clientId: child.clientId });
    }
  }
  if (view.parentId !== null && view.status !== stored?.view.status) parentIds.add(view.parentId);
  tables.touch(recorded.position, touchedByOperation(stored?.view ?? null, view, recorded));
  tables.addLogLines(number, recorded.revision, recorded.metadata.at, logLines(recorded, view.kind));
  if (isHistoric(recorded, view)) intoHistory(tables, recorded);
  return true;
};

const intoHistory = (tables: Tables, recorded: RecordedEvent<HistoricEvent>): void => {
  const operationId = operationIdOf(recorded);
  const operation = operationId === null ? null : tables.operations.get(operationId);
  tables.addHistory(recorded.position, historyEntry(recorded, operation?.view ?? null));
};
