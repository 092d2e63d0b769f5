import type { Queries, QueryName } from '@alfa-cloud/contracts';
import type { Clock } from '@alfa-cloud/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import { clientQueries } from '../clients/client-queries.ts';
import { expireDateQueries } from '../clients/expire-dates.ts';
import { historyQueries } from '../history/history-queries.ts';
import { operationQueries } from '../operations/operation-queries.ts';
import { serverQueries } from '../servers/server-queries.ts';
import type { Counts } from './counts.ts';
import type { Json } from './json.ts';
import { Statements } from './statements.ts';

/** Queries that read models answer. */
export type ProjectorQuery = Exclude<QueryName, 'GetServerImages' | 'GetServerMonitoring'>;

/** Answers from the tables as they stand, without waiting. @throws Rejection */
export type Answers = {
  [Name in ProjectorQuery]: (request: Queries[Name]['request']) => Json<Queries[Name]['result']>;
};

/** Counts remembered until rows of their kind change. */
export interface AnswerCounts {
  clients: Counts;
  operations: Counts;
}

export const createAnswers = (database: DatabaseSync, counts: AnswerCounts, clock: Clock): Answers => {
  const statements = new Statements(database);
  const servers = serverQueries(statements);
  const clients = clientQueries({ statements, counts: counts.clients, servers, clock });
  const operations = operationQueries(statements, counts.operations);
  const expireDates = expireDateQueries(statements);
  const history = historyQueries(statements);
  return {
    ListServers: (request) => servers.list(request),
    GetServer: ({ id }) => servers.get(id),
    ListClients: (request) => clients.list(request),
    GetClient: ({ id }) => clients.get(id),
    GetCreateLog: ({ clientId, after }) =>
      operations.createLog(clientId, clients.creatingOperation(clientId), after),
    ListOperations: (request) => operations.list(request),
    GetOperation: ({ id }) => operations.get(id),
    GetOperationLog: ({ id, after }) => operations.log(id, after),
    ListHistory: (request) => history.list(request),
    ListExpireDateChanges: (request) => expireDates.list(request),
  };
};
