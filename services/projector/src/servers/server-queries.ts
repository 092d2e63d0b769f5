import { message, reject, type Queries, type ServerView } from '@alfa-cloud/contracts';
import type { Clock } from '@alfa-cloud/service-kit';
import { json, jsonArray, jsonExtended, jsonObject, type Json } from '../answering/json.ts';
import type { Remembered } from '../answering/remembered.ts';
import type { Statements } from '../answering/statements.ts';
import type { StoredServer } from './project-server.ts';
import type { ToldHealth } from './server-health.ts';
import type { HealthObservations, ShownHealth } from './server-health.ts';

/** Queries of servers. */
export interface ServerQueries {
  list(request: Queries['ListServers']['request']): Json<Queries['ListServers']['result']>;
  /** @throws Rejection `not_found`, `gone` for one that was removed */
  get(id: string): Json<ServerView>;
  /** Null for one that is not known or was removed. */
  find(id: string): Json<ServerView> | null;
  /** Without the number of its clients, which costs the most to tell. */
  stored(id: string): StoredServer | null;
}

export interface ServerQueriesDeps {
  statements: Statements;
  /** `clientCounts`: to be forgotten when clients change; `servers`: when servers change. */
  memory: { clientCounts: Remembered<number>; servers: Remembered<StoredServer | null> };
  health: Pick<HealthObservations, 'shown'>;
  clock: Clock;
}

export const serverQueries = ({ statements, memory, health, clock }: ServerQueriesDeps): ServerQueries => {
  const clientCount = (id: string): number =>
    memory.clientCounts.of(JSON.stringify(['server', id]), () => {
      const sql = `SELECT count(*) AS count FROM clients WHERE deleted = 0 AND server_id = ? AND status IN ('creating', 'active')`;
      return Number(statements.of(sql).get(id)?.['count']);
    });

  const heldCount = (id: string): number =>
    memory.clientCounts.of(JSON.stringify(['held', id]), () => {
      const sql = 'SELECT count(*) AS count FROM clients WHERE deleted = 0 AND held_server_id = ?';
      return Number(statements.of(sql).get(id)?.['count']);
    });

  const serverView = (row: Record<string, unknown>): Json<ServerView> => {
    const stored: Json<Omit<ServerView, 'clientCount' | 'heldCount' | keyof ShownHealth>> = String(
      row['view'],
    );
    const id = String(row['id']);
    const shown = health.shown(id, toldIn(row), clock().getTime());
    return jsonExtended(stored, json({ clientCount: clientCount(id), heldCount: heldCount(id), ...shown }));
  };

  const find = (id: string): Json<ServerView> | null => {
    const row = statements.of('SELECT id, view, health FROM servers WHERE id = ? AND removed = 0').get(id);
    return row === undefined ? null : serverView(row);
  };

  const stored = (id: string): StoredServer | null =>
    memory.servers.of(id, () => {
      const row = statements.of('SELECT view, health FROM servers WHERE id = ?').get(id);
      if (row === undefined) return null;
      return { ...(JSON.parse(String(row['view'])) as StoredServer), told: toldIn(row) };
    });

  return {
    list({ active }) {
      const where = ` WHERE removed = 0${active === 'all' ? '' : ' AND active = 1'}`;
      const rows = statements.of(`SELECT id, view, health FROM servers${where} ORDER BY name, id`).all();
      return jsonObject({ items: jsonArray(rows.map(serverView)) });
    },
    get(id) {
      const server = find(id);
      if (server !== null) return server;
      if (stored(id) === null) throw reject('not_found', message`There is no such server`);
      throw reject('gone', message`This server was removed`);
    },
    find,
    stored,
  };
};

const toldIn = (row: Record<string, unknown>): ToldHealth | null =>
  typeof row['health'] === 'string' ? (JSON.parse(row['health']) as ToldHealth) : null;
