import { DatabaseSync } from 'node:sqlite';

const tables = {
  servers: 'id',
  clients: 'id',
  availability: 'client_id',
  backups: 'number',
  alerts: 'number',
  operations: 'number',
  planned_children: 'operation_id',
  operation_log: 'operation_number, revision',
  expire_date_changes: 'position',
  history: 'position',
  checkpoint: 'only_one',
  changes: 'type, id',
};

const withoutRowNumbers: ReadonlySet<string> = new Set([
  'planned_children',
  'operation_log',
  'availability',
  'changes',
]);

export type Dump = { [Table in keyof typeof tables]: Record<string, unknown>[] };

/** Every row of every table, with the row numbers where there are any. */
export const dump = (database: DatabaseSync): Dump =>
  Object.fromEntries(
    Object.entries(tables).map(([table, order]) => {
      const columns = withoutRowNumbers.has(table) ? '*' : 'rowid AS row_number, *';
      const rows = database.prepare(`SELECT ${columns} FROM ${table} ORDER BY ${order}`).all();
      return [table, rows.map((row) => ({ ...row }))];
    }),
  ) as Dump;

/** As {@link dump}, of a file that nobody writes. */
export const dumpFile = (file: string): Dump => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return dump(database);
  } finally {
    database.close();
  }
};
