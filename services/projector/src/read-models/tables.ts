import type { ExpireDateChange, HistoryEntry, OperationView } from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';
import type { StoredClient } from '../clients/project-client.ts';
import { folded, searchText } from '../clients/search-text.ts';
import type { LogLines } from '../operations/log-lines.ts';
import type { StoredServer } from '../servers/project-server.ts';
import { RowCache } from './row-cache.ts';

/** What is stored of an operation: its view, and its place in the order of acceptance. */
export interface StoredOperation {
  number: number;
  view: OperationView;
}

/** Place in the order of all events up to which the rows were built. */
export interface Checkpoint {
  position: bigint;
  eventId: string;
}

/** Typed access to the tables for the projections. Rows that change are written when their cache is flushed, those that are only added at once. */
export interface Tables {
  servers: RowCache<StoredServer>;
  clients: RowCache<StoredClient>;
  operations: RowCache<StoredOperation>;
  /** Number for an operation not stored yet. */
  nextOperationNumber(): number;
  addLogLines(operationId: string, revision: bigint, at: string, lines: LogLines): void;
  addExpireDateChange(position: bigint, clientId: string, change: ExpireDateChange): void;
  addHistory(position: bigint, entry: HistoryEntry): void;
  checkpoint(): Checkpoint | null;
  setCheckpoint(checkpoint: Checkpoint): void;
  forgetCached(): void;
}

export const openTables = (database: DatabaseSync): Tables => {
  const addLine = database.prepare(
    'INSERT INTO operation_log (operation_id, revision, at, step, level, messages) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addChange = database.prepare(
    'INSERT INTO expire_date_changes (position, client_id, view) VALUES (?, ?, ?)',
  );
  const addEntry = database.prepare(
    `INSERT INTO history (position, target_type, target_id, actor, kind, at, operation_id, reason, view)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const readCheckpoint = database.prepare('SELECT position, event_id FROM checkpoint');
  const writeCheckpoint = database.prepare(
    `INSERT INTO checkpoint (only_one, position, event_id) VALUES (1, ?, ?)
     ON CONFLICT (only_one) DO UPDATE SET position = excluded.position, event_id = excluded.event_id`,
  );
  const newestNumber = database.prepare('SELECT max(number) AS newest FROM operations');
  let lastNumber: number | null = null;

  const servers = serverRows(database);
  const clients = clientRows(database);
  const operations = operationRows(database);
  return {
    servers,
    clients,
    operations,
    nextOperationNumber() {
      lastNumber = (lastNumber ?? Number(newestNumber.get()?.['newest'] ?? 0)) + 1;
      return lastNumber;
    },
    addLogLines(operationId, revision, at, { step, level, messages }) {
      if (messages.length === 0) return;
      addLine.run(operationId, revision, at, step, level, JSON.stringify(messages));
    },
    addExpireDateChange: (position, clientId, change) =>
      void addChange.run(position, clientId, JSON.stringify(change)),
    addHistory(position, { reason, ...view }) {
      const { target, actor, kind, at, operationId } = view;
      const text = JSON.stringify(view);
      addEntry.run(position, target.type, target.id, actor, kind, at, operationId, reason, text);
    },
    checkpoint() {
      const row = readCheckpoint.get();
      return row === undefined
        ? null
        : { position: BigInt(String(row['position'])), eventId: String(row['event_id']) };
    },
    setCheckpoint: ({ position, eventId }) => void writeCheckpoint.run(String(position), eventId),
    forgetCached() {
      lastNumber = null;
      for (const rows of [servers, clients, operations]) rows.clear();
    },
  };
};

const serverRows = (database: DatabaseSync): RowCache<StoredServer> => {
  const load = database.prepare('SELECT view FROM servers WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO servers (id, name, active, view) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, active = excluded.active, view = excluded.view`,
  );
  return new RowCache<StoredServer>(
    (id) => parsedView(load.get(id)) as StoredServer | null,
    (server) => void write.run(server.id, folded(server.name), server.active ? 1 : 0, JSON.stringify(server)),
  );
};

const clientRows = (database: DatabaseSync): RowCache<StoredClient> => {
  const load = database.prepare('SELECT view FROM clients WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO clients (id, server_id, slug, name, status, image, expire_date, created_at, search, view)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET server_id = excluded.server_id, slug = excluded.slug, name = excluded.name,
       status = excluded.status, image = excluded.image, expire_date = excluded.expire_date,
       created_at = excluded.created_at, search = excluded.search, view = excluded.view`,
  );
  return new RowCache<StoredClient>(
    (id) => parsedView(load.get(id)) as StoredClient | null,
    (client) =>
      void write.run(
        client.id,
        client.serverId,
        client.slug,
        client.name === null ? null : folded(client.name),
        client.status,
        client.image,
        client.expireDate,
        client.createdAt,
        searchText([client.name, client.slug, client.email]),
        JSON.stringify(client),
      ),
  );
};

const operationRows = (database: DatabaseSync): RowCache<StoredOperation> => {
  const load = database.prepare('SELECT number, view FROM operations WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO operations (number, id, status, kind, target_id, view) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (number) DO UPDATE SET status = excluded.status, view = excluded.view`,
  );
  return new RowCache<StoredOperation>(
    (id) => {
      const row = load.get(id);
      const view = parsedView(row) as OperationView | null;
      return view === null ? null : { number: Number(row?.['number']), view };
    },
    ({ number, view }) =>
      void write.run(number, view.id, view.status, view.kind, view.target.id, JSON.stringify(view)),
  );
};

const parsedView = (row: Record<string, unknown> | undefined): unknown =>
  row === undefined ? null : JSON.parse(String(row['view']));
