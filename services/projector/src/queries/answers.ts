import type { Language, ListClients, Queries, QueryName } from '@alfa-cloud/contracts';
import type { Clock } from '@alfa-cloud/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import { alertQueries } from '../alerts/alert-queries.ts';
import { backupQueries } from '../backups/backup-queries.ts';
import { buildQueries } from '../builds/build-queries.ts';
import { buildsOfImages } from '../builds/builds-of-images.ts';
import { changeQueries } from '../changes/change-queries.ts';
import { clientQueries, type ClientAsItWas } from '../clients/client-queries.ts';
import type { ClientTexts } from '../clients/client-texts.ts';
import { expireDateQueries } from '../clients/expire-dates.ts';
import { historyQueries } from '../history/history-queries.ts';
import { mailQueries } from '../mails/mail-queries.ts';
import { noticeQueries } from '../notices/notice-queries.ts';
import { imageQueries, type ImageUse } from '../images/image-queries.ts';
import type { ImagesOnServers } from '../images/images-on-servers.ts';
import { orRefused } from '../operations/refused.ts';
import { operationQueries } from '../operations/operation-queries.ts';
import type { StoredServer } from '../servers/project-server.ts';
import type { HealthObservations } from '../servers/server-health.ts';
import { serverQueries } from '../servers/server-queries.ts';
import type { Json, WithText } from '../answering/json.ts';
import type { Remembered } from '../answering/remembered.ts';
import { Statements } from '../answering/statements.ts';

/** Queries that read models answer. */
export type ProjectorQuery = Exclude<
  QueryName,
  | 'GetServerImages'
  | 'GetServerMonitoring'
  | 'GetMonitoringHistory'
  | 'GetCloudSettings'
  | 'GetContainerLog'
  | 'PlanBulk'
  | 'PlanMoves'
  | 'PlanCopy'
  | 'GetServerLink'
  | 'ListSshKeys'
  | 'GetSshKey'
  | 'GetBuildChanges'
  | 'GetRepository'
  | 'PlanCleanup'
  | 'GetGitHook'
  | 'PreviewMail'
  | 'GetPasswordLink'
  | 'OpenPasswordLink'
  | 'ListWebhooks'
  | 'GetWebhook'
>;

/** Answers from the tables as they stand, without waiting. @throws Rejection */
export type Answers = {
  [Name in ProjectorQuery]: (request: Queries[Name]['request']) => Json<Queries[Name]['result']>;
} & {
  /** Of a client put together from its events, because the tables know only today. */
  clientAsItWas: (client: ClientAsItWas) => Json<Queries['GetClient']['result']>;
  /** `ListClients` with `textIn`. */
  listClientTexts: (request: ListClients, language: Language) => WithText<Queries['ListClients']['result']>;
};

/** What answers share, remembered until rows of its kind change. */
export interface AnswerMemory {
  clientCounts: Remembered<number>;
  clientTexts: ClientTexts;
  operationCounts: Remembered<number>;
  imageUses: Remembered<ImageUse>;
  /** By id; null for a server that is not known. */
  servers: Remembered<StoredServer | null>;
}

export interface AnswersDeps {
  database: DatabaseSync;
  memory: AnswerMemory;
  health: Pick<HealthObservations, 'shown'>;
  seenImages: Pick<ImagesOnServers, 'seen'>;
  clock: Clock;
}

export const createAnswers = ({ database, memory, health, seenImages, clock }: AnswersDeps): Answers => {
  const statements = new Statements(database);
  const servers = serverQueries({ statements, memory, health, clock });
  const clients = clientQueries({
    statements,
    counts: memory.clientCounts,
    texts: memory.clientTexts,
    servers,
    clock,
  });
  const operations = operationQueries(statements, memory.operationCounts, clock);
  const expireDates = expireDateQueries(statements);
  const history = historyQueries(statements);
  const backups = backupQueries(statements);
  const alerts = alertQueries(statements);
  const mails = mailQueries(statements);
  const notices = noticeQueries(statements);
  const builds = buildQueries(statements);
  const changes = changeQueries(statements);
  const images = imageQueries({
    statements,
    uses: memory.imageUses,
    builds: () => buildsOfImages(statements),
    images: seenImages,
    clock,
  });
  return {
    ListServers: (request) => servers.list(request),
    GetServer: ({ id }) => orRefused(statements, id, () => servers.get(id)),
    ListClients: (request) => clients.list(request),
    GetClient: ({ id }) => orRefused(statements, id, () => clients.get(id)),
    clientAsItWas: (client) => clients.asItWas(client),
    listClientTexts: (request, language) => clients.listTexts(request, language),
    GetCreateLog: ({ clientId, after }) =>
      operations.createLog(
        clientId,
        orRefused(
          statements,
          clientId,
          () => clients.creatingOperation(clientId),
          ({ operationId }) => operationId,
        ),
        after,
      ),
    ListOperations: (request) => operations.list(request),
    GetOperation: ({ id }) => operations.get(id),
    GetOperationLog: ({ id, after }) => operations.log(id, after),
    ListHistory: (request) => history.list(request),
    ListExpireDateChanges: (request) => expireDates.list(request),
    ListBackups: (request) => backups.list(request),
    ListAlerts: (request) => alerts.list(request),
    ListMails: (request) => mails.list(request),
    GetMail: ({ id }) => mails.get(id),
    ListNotices: (request) => notices.list(request),
    GetNotice: ({ id }) => notices.get(id),
    ListImages: (request) => images.list(request),
    ListBuilds: (request) => builds.list(request),
    GetBuild: ({ id }) => builds.get(id),
    ListChanges: (request) => changes.list(request),
  };
};
