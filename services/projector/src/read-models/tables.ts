import {
  type BackupView,
  type ClientEvent,
  type ExpireDateChange,
  unicodeEmail,
} from '@alfa-cloud/contracts';
import type { DatabaseSync } from 'node:sqlite';
import { alertRows, type AlertRows } from '../alerts/alert-rows.ts';
import { buildRows, type BuildRows } from '../builds/build-rows.ts';
import { mailRows, type MailRows } from '../mails/mail-rows.ts';
import { noticeRows, type NoticeRows } from '../notices/notice-rows.ts';
import { isWhole } from '../backups/project-backup.ts';
import type { StoredClient } from '../clients/project-client.ts';
import { folded, searchText } from '../clients/search-text.ts';
import { isOfOperation, type StoredEntry } from '../history/fold.ts';
import { reasonText } from '../availability/availability.ts';
import type { LogLines } from '../operations/log-lines.ts';
import type { PlannedChild, StoredPlan, StoredView } from '../operations/project-operation.ts';
import type { StoredServer } from '../servers/project-server.ts';
import type { ToldHealth } from '../servers/server-health.ts';
import { changeRows, type ChangeRows } from './change-rows.ts';
import { RowCache } from './row-cache.ts';

/** What is stored of an operation: its view, its plan if it is one over many clients, and its place in the order of acceptance. */
export interface StoredOperation {
  number: number;
  view: StoredView;
  plan: StoredPlan | null;
}

/** What is stored of a backup, and its place in the order in which backups were made. */
export interface StoredBackup {
  number: number;
  view: BackupView;
}

type Availability = Extract<ClientEvent, { type: 'ClientAvailabilityChanged' }>['data'];

/** Place in the order of all events up to which the rows were built. */
export interface Checkpoint {
  position: bigint;
  eventId: string;
}

/** Typed access to the tables for the projections. Rows that change are written when their cache is flushed, those that are only added at once. */
export interface Tables extends AlertRows, MailRows, NoticeRows, BuildRows, ChangeRows {
  servers: RowCache<StoredServer>;
  clients: RowCache<StoredClient>;
  operations: RowCache<StoredOperation>;
  backups: RowCache<StoredBackup>;
  /** Number for an operation not stored yet. */
  nextOperationNumber(): number;
  /** Number for a backup not stored yet. */
  nextBackupNumber(): number;
  setAvailability(availability: Availability): void;
  forgetAvailability(clientId: string): void;
  addPlannedChild(operationId: string, child: PlannedChild): void;
  /** What was planned for an operation; null when it is no part of one over many clients. */
  plannedChild(operationId: string): PlannedChild | null;
  addLogLines(operationNumber: number, revision: bigint, at: string, lines: LogLines): void;
  addExpireDateChange(position: bigint, clientId: string, change: ExpireDateChange): void;
  /** Adds an entry, and marks it as part of an earlier entry when its operation has one. */
  addHistory(position: bigint, entry: StoredEntry): void;
  checkpoint(): Checkpoint | null;
  /** @param origin id of the first event of all, as far as this batch knows; the one told first is kept */
  setCheckpoint(checkpoint: Checkpoint, origin: string): void;
  forgetCached(): void;
}

export const openTables = (database: DatabaseSync): Tables => {
  const addLine = database.prepare(
    'INSERT INTO operation_log (operation_number, revision, at, step, level, messages) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addChange = database.prepare(
    'INSERT INTO expire_date_changes (position, client_id, view) VALUES (?, ?, ?)',
  );
  const addEntry = database.prepare(
    `INSERT INTO history (position, target_type, target_id, actor, kind, at, operation_id, is_part, reason, view)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const readKinds = database.prepare('SELECT kind FROM history WHERE operation_id = ?');
  // Of a plan that is recorded twice the first counts.
  const addChild = database.prepare(
    'INSERT INTO planned_children (operation_id, parent_id, client_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const readChild = database.prepare(
    'SELECT parent_id, client_id FROM planned_children WHERE operation_id = ?',
  );
  const readCheckpoint = database.prepare('SELECT position, event_id FROM checkpoint');
  const writeCheckpoint = database.prepare(
    `INSERT INTO checkpoint (only_one, position, event_id, origin) VALUES (1, ?, ?, ?)
     ON CONFLICT (only_one) DO UPDATE SET position = excluded.position, event_id = excluded.event_id`,
  );
  const writeAvailability = database.prepare(
    `INSERT INTO availability (client_id, available, reason, checked_at, checked_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (client_id) DO UPDATE SET available = excluded.available, reason = excluded.reason,
       checked_at = excluded.checked_at, checked_ms = excluded.checked_ms`,
  );
  const deleteAvailability = database.prepare('DELETE FROM availability WHERE client_id = ?');
  const operationNumbers = numbersOf(database, 'operations');
  const backupNumbers = numbersOf(database, 'backups');

  const servers = serverRows(database);
  const clients = clientRows(database);
  const operations = operationRows(database);
  const backups = backupRows(database);
  const changes = changeRows(database);
  return {
    servers,
    clients,
    operations,
    backups,
    nextOperationNumber: () => operationNumbers.next(),
    nextBackupNumber: () => backupNumbers.next(),
    setAvailability({ clientId, available, checkedAt, ...why }) {
      const value = available === null ? null : Number(available);
      writeAvailability.run(clientId, value, reasonText(why), checkedAt, Date.parse(checkedAt));
    },
    forgetAvailability: (clientId) => void deleteAvailability.run(clientId),
    addPlannedChild: (operationId, { parentId, clientId }) =>
      void addChild.run(operationId, parentId, clientId),
    plannedChild(operationId) {
      const row = readChild.get(operationId);
      if (row === undefined) return null;
      return { parentId: String(row['parent_id']), clientId: String(row['client_id']) };
    },
    addLogLines(operationNumber, revision, at, { step, level, messages }) {
      if (messages.length === 0) return;
      addLine.run(operationNumber, revision, at, step, level, JSON.stringify(messages));
    },
    addExpireDateChange: (position, clientId, change) =>
      void addChange.run(position, clientId, JSON.stringify(change)),
    ...alertRows(database),
    ...mailRows(database),
    ...noticeRows(database),
    ...buildRows(database),
    ...changes,
    addHistory(position, { reason, ...view }) {
      const { target, actor, kind, at, operationId } = view;
      const isPart =
        isOfOperation(view) &&
        readKinds.all(operationId).some((row) => isOfOperation({ operationId, kind: String(row['kind']) }));
      const text = JSON.stringify(view);
      const { type, id } = target;
      addEntry.run(position, type, id, actor, kind, at, operationId, Number(isPart), reason, text);
    },
    checkpoint() {
      const row = readCheckpoint.get();
      return row === undefined
        ? null
        : { position: BigInt(String(row['position'])), eventId: String(row['event_id']) };
    },
    setCheckpoint: ({ position, eventId }, origin) =>
      void writeCheckpoint.run(String(position), eventId, origin),
    forgetCached() {
      for (const numbers of [operationNumbers, backupNumbers]) numbers.forget();
      for (const rows of [servers, clients, operations, backups]) rows.clear();
      changes.forgetChanges();
    },
  };
};

/** Numbers in the order of the first events, so that a rebuild gives the same ones. */
const numbersOf = (
  database: DatabaseSync,
  table: 'operations' | 'backups',
): { next(): number; forget(): void } => {
  const newest = database.prepare(`SELECT max(number) AS newest FROM ${table}`);
  let last: number | null = null;
  return {
    next() {
      last = (last ?? Number(newest.get()?.['newest'] ?? 0)) + 1;
      return last;
    },
    forget() {
      last = null;
    },
  };
};

const serverRows = (database: DatabaseSync): RowCache<StoredServer> => {
  const load = database.prepare('SELECT view, health FROM servers WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO servers (id, name, active, removed, health, view) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, active = excluded.active, removed = excluded.removed,
       health = excluded.health, view = excluded.view`,
  );
  return new RowCache<StoredServer>(
    (id) => {
      const row = load.get(id);
      const view = parsedView(row) as Omit<StoredServer, 'told'> | null;
      if (view === null) return null;
      const health = row?.['health'];
      return { ...view, told: typeof health === 'string' ? (JSON.parse(health) as ToldHealth) : null };
    },
    ({ told, ...view }) =>
      void write.run(
        view.id,
        folded(view.name),
        Number(view.active),
        Number(view.status === 'removed'),
        told === null ? null : JSON.stringify(told),
        JSON.stringify(view),
      ),
  );
};

const clientRows = (database: DatabaseSync): RowCache<StoredClient> => {
  const load = database.prepare('SELECT view FROM clients WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO clients (id, server_id, held_server_id, copy_of, slug, name, status, image, expire_date, created_at, search, deleted, view)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET server_id = excluded.server_id, held_server_id = excluded.held_server_id, slug = excluded.slug, name = excluded.name,
       status = excluded.status, image = excluded.image, expire_date = excluded.expire_date,
       created_at = excluded.created_at, search = excluded.search,
       deleted = excluded.deleted, view = excluded.view`,
  );
  return new RowCache<StoredClient>(
    (id) => parsedView(load.get(id)) as StoredClient | null,
    (client) =>
      void write.run(
        client.id,
        client.serverId,
        client.held?.serverId ?? null,
        client.sourceClientId,
        client.slug,
        client.name === null ? null : folded(client.name),
        client.status,
        client.image,
        client.expireDate,
        client.createdAt,
        searchText([client.name, client.slug, client.email === null ? null : unicodeEmail(client.email)]),
        Number(client.status === 'deleted'),
        JSON.stringify(client),
      ),
  );
};

const operationRows = (database: DatabaseSync): RowCache<StoredOperation> => {
  const load = database.prepare('SELECT number, plan, view FROM operations WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO operations (number, id, status, kind, target_id, parent_id, duration_ms, plan, view)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (number) DO UPDATE SET status = excluded.status, duration_ms = excluded.duration_ms,
       plan = excluded.plan, view = excluded.view`,
  );
  return new RowCache<StoredOperation>(
    (id) => {
      const row = load.get(id);
      const view = parsedView(row) as StoredView | null;
      if (view === null) return null;
      const plan = row?.['plan'];
      return {
        number: Number(row?.['number']),
        view,
        plan: typeof plan === 'string' ? (JSON.parse(plan) as StoredPlan) : null,
      };
    },
    ({ number, view, plan }) => {
      const { id, status, kind, target, parentId } = view;
      const planText = plan === null ? null : JSON.stringify(plan);
      const text = JSON.stringify(view);
      write.run(number, id, status, kind, target.id, parentId, durationMs(view), planText, text);
    },
  );
};

const durationMs = ({ acceptedAt, finishedAt }: StoredView): number | null =>
  finishedAt === null ? null : Math.max(0, Date.parse(finishedAt) - Date.parse(acceptedAt));

const backupRows = (database: DatabaseSync): RowCache<StoredBackup> => {
  const load = database.prepare('SELECT number, view FROM backups WHERE id = ?');
  const write = database.prepare(
    `INSERT INTO backups (number, id, client_id, keep_until, created_at, removed, whole, view)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (number) DO UPDATE SET removed = excluded.removed, whole = excluded.whole, view = excluded.view`,
  );
  return new RowCache<StoredBackup>(
    (id) => {
      const row = load.get(id);
      const view = parsedView(row) as BackupView | null;
      return view === null ? null : { number: Number(row?.['number']), view };
    },
    ({ number, view }) => {
      const { id, clientId, keepUntil, createdAt, removedAt } = view;
      const isRemoved = Number(removedAt !== null);
      const text = JSON.stringify(view);
      write.run(number, id, clientId, keepUntil, createdAt, isRemoved, Number(isWhole(view)), text);
    },
  );
};

const parsedView = (row: Record<string, unknown> | undefined): unknown =>
  row === undefined ? null : JSON.parse(String(row['view']));
