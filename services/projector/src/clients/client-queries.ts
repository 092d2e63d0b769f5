import { reject, type ClientView, type Queries, type ServerView } from '@alfa-cloud/contracts';
import type { Clock } from '@alfa-cloud/service-kit';
import { availabilityFreshMs } from '../availability/availability.ts';
import { json, jsonArray, jsonExtended, jsonObject, type Json } from '../queries/json.ts';
import { limitOf } from '../queries/paging.ts';
import type { Remembered } from '../queries/remembered.ts';
import type { Statements } from '../queries/statements.ts';
import { cloudAddress } from '../servers/cloud-address.ts';
import type { ServerQueries } from '../servers/server-queries.ts';
import { clientCondition, clientOrder, type Condition } from './client-filter.ts';
import type { StoredClient } from './project-client.ts';

/** Questions about clients. */
export interface ClientQueries {
  list(request: Queries['ListClients']['request']): Json<Queries['ListClients']['result']>;
  /** @throws Rejection `not_found` */
  get(id: string): Json<Queries['GetClient']['result']>;
  /** Id of the operation that creates the client. @throws Rejection `not_found` */
  creatingOperation(id: string): string;
}

const observed = ' LEFT JOIN temp.availability AS availability ON availability.client_id = clients.id';
const columns = `
  clients.view, clients.slug, clients.server_id,
  availability.available, availability.checked_at, availability.checked_ms`;

/**
 * Finds and sorts the page by narrow columns first, and only then reads the views of its few rows.
 * CROSS JOIN is SQLite's way to fix that order; left to itself it walks all clients.
 */
const pageSql = (condition: Condition, order: string): string => `
  SELECT ${columns}
  FROM (SELECT clients.rowid AS place FROM clients${joinFor(condition)}${condition.where}${order} LIMIT ? OFFSET ?) AS page
  CROSS JOIN clients ON clients.rowid = page.place${observed}${order}`;

const joinFor = (condition: Condition): string => (condition.readsAvailability ? observed : '');

export const clientQueries = (options: {
  statements: Statements;
  counts: Remembered<number>;
  servers: ServerQueries;
  clock: Clock;
}): ClientQueries => {
  const { statements, counts, servers, clock } = options;

  const total = (condition: Condition): number => {
    const count = () => {
      const sql = `SELECT count(*) AS total FROM clients${joinFor(condition)}${condition.where}`;
      return Number(statements.of(sql).get(...condition.values)?.['total']);
    };
    if (condition.readsAvailability) return count();
    return counts.of(JSON.stringify([condition.where, ...condition.values]), count);
  };

  const find = (id: string): Record<string, unknown> => {
    const row = statements.of(`SELECT ${columns} FROM clients${observed} WHERE clients.id = ?`).get(id);
    if (row === undefined) throw reject('not_found', 'There is no such client');
    return row;
  };

  return {
    list({ page, sort, filter, includeServers }) {
      const freshFromMs = clock().getTime() - availabilityFreshMs;
      const condition = clientCondition(filter, freshFromMs);
      const rows = statements
        .of(pageSql(condition, clientOrder(sort)))
        .all(...condition.values, ...limitOf(page));
      return jsonObject<Queries['ListClients']['result']>({
        items: jsonArray(rows.map((row) => clientView(row, freshFromMs, servers))),
        total: json(total(condition)),
        servers: jsonArray(includeServers ? serversOf(rows, servers) : []),
      });
    },
    get(id) {
      const row = find(id);
      const client = clientView(row, clock().getTime() - availabilityFreshMs, servers);
      const server: Json<ServerView | null> = servers.find(String(row['server_id'])) ?? 'null';
      return jsonExtended(client, jsonObject<{ server: ServerView | null }>({ server }));
    },
    creatingOperation: (id) => (JSON.parse(String(find(id)['view'])) as StoredClient).operationId,
  };
};

/** The servers of a page's clients, each once. */
const serversOf = (rows: readonly Record<string, unknown>[], servers: ServerQueries): Json<ServerView>[] =>
  [...new Set(rows.map((row) => String(row['server_id'])))]
    .map((id) => servers.find(id))
    .filter((server) => server !== null);

const clientView = (
  row: Record<string, unknown>,
  freshFromMs: number,
  servers: ServerQueries,
): Json<ClientView> => {
  const stored: Json<StoredClient> = String(row['view']);
  const { available, checked_at: checkedAt, checked_ms: checkedMs } = row;
  const isKnown = typeof available === 'number' && Number(checkedMs) >= freshFromMs;
  return jsonExtended(
    stored,
    json({
      available: isKnown ? available === 1 : null,
      availableCheckedAt: typeof checkedAt === 'string' ? checkedAt : null,
      cloud: cloudAddress(String(row['slug']), servers.stored(String(row['server_id']))),
    }),
  );
};
