import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** Observations that were not renewed for so long are dropped. */
const keptMs = 24 * 60 * 60 * 1000;

export interface ObservationTable<Message extends { checkedAt: string }> {
  isValid: (message: unknown) => message is Message;
  /** A temporary table, which has the column `checked_ms` as well. */
  table: string;
  key: readonly string[];
  values: readonly string[];
  /** The rows that a message writes: key, then values. */
  rowsOf: (message: Message) => SQLInputValue[][];
}

/** Keeps the newest observation of each key in a temporary table. */
export interface NewestObservations {
  /** Takes in one message; ignores one that is not valid. */
  record(message: unknown): void;
}

export const keepNewest = <Message extends { checkedAt: string }>(
  database: DatabaseSync,
  { isValid, table, key, values, rowsOf }: ObservationTable<Message>,
): NewestObservations => {
  const columns = [...key, ...values, 'checked_ms'];
  const changes = [...values, 'checked_ms'].map((column) => `${column} = excluded.${column}`);
  const write = database.prepare(
    `INSERT INTO temp.${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changes.join(', ')}
       WHERE excluded.checked_ms >= ${table}.checked_ms`,
  );
  const dropOld = database.prepare(`DELETE FROM temp.${table} WHERE checked_ms < ?`);
  return {
    record(message) {
      if (!isValid(message)) return;
      const checkedMs = Date.parse(message.checkedAt);
      database.exec('BEGIN');
      try {
        for (const row of rowsOf(message)) write.run(...row, checkedMs);
        dropOld.run(checkedMs - keptMs);
      } finally {
        database.exec('COMMIT');
      }
    },
  };
};
