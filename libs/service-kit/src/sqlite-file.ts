import { rmSync } from 'node:fs';

/** Removes a SQLite file and those that SQLite keeps beside it. No-op when they are absent. */
export const deleteSqliteFile = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
};

/** True for SQLite's way of saying that the file's content makes no sense. */
export const isSqliteDamage = (error: unknown): boolean => {
  // By shape: node's own errors are of another realm inside Jest. The low byte is the kind, the rest says more of it.
  const isCoded = typeof error === 'object' && error !== null && 'errcode' in error;
  const code = isCoded ? Number(error.errcode) & 0xff : 0;
  return code === sqliteCorrupt || code === sqliteNotADatabase;
};
const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;
