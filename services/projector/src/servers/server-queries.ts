import { reject, type Queries, type ServerView } from '@alfa-cloud/contracts';
import { json, jsonArray, jsonExtended, jsonObject, type Json } from '../queries/json.ts';
import type { Statements } from '../queries/statements.ts';
import type { StoredServer } from './project-server.ts';

/** Questions about servers. */
export interface ServerQueries {
  list(request: Queries['ListServers']['request']): Json<Queries['ListServers']['result']>;
  /** @throws Rejection `not_found` */
  get(id: string): Json<ServerView>;
  find(id: string): Json<ServerView> | null;
}

const selected = `
  SELECT servers.view, (
    SELECT count(*) FROM clients
    WHERE clients.server_id = servers.id AND clients.status IN ('creating', 'active')
  ) AS client_count
  FROM servers`;

export const serverQueries = (statements: Statements): ServerQueries => {
  const find = (id: string): Json<ServerView> | null => {
    const row = statements.of(`${selected} WHERE servers.id = ?`).get(id);
    return row === undefined ? null : serverView(row);
  };
  return {
    list({ active }) {
      const where = active === 'all' ? '' : ' WHERE servers.active = 1';
      const rows = statements.of(`${selected}${where} ORDER BY servers.name, servers.id`).all();
      return jsonObject({ items: jsonArray(rows.map(serverView)) });
    },
    get(id) {
      const server = find(id);
      if (server === null) throw reject('not_found', 'There is no such server');
      return server;
    },
    find,
  };
};

const serverView = (row: Record<string, unknown>): Json<ServerView> => {
  const stored: Json<StoredServer> = String(row['view']);
  return jsonExtended(stored, json({ clientCount: Number(row['client_count']) }));
};
