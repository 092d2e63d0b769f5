import type { DatabaseSync } from 'node:sqlite';

/**
 * Does all of it in one transaction that is the only one to write from its beginning on, or nothing.
 * @throws what `act` or SQLite throws; the transaction is then taken back
 */
export const inTransaction = <Result>(database: DatabaseSync, act: () => Result): Result => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has taken it back itself after some failures.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};
