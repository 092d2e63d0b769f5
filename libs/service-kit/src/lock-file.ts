import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A lock over processes. Ending the process releases it too, however it ends. */
export interface LockedFile {
  release(): void;
}

const sqliteBusy = 5;

/**
 * Takes the lock of a file at once: SQLite's own exclusive lock on a file that holds nothing. The kernel frees it with the process, so none
 * is ever left behind.
 * @returns null when another process, or another part of this one, holds it
 */
export const tryLockFile = (file: string): LockedFile | null => {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(file);
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    return { release: () => lock.close() };
  } catch (error) {
    lock.close();
    if (isBusy(error)) return null;
    throw error;
  }
};

const isBusy = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === sqliteBusy;
