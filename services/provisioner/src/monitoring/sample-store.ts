import { inTransaction } from '@alfa-cloud/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import type { StoredSubject } from './history.ts';
import type { SubjectKind, SubjectValues } from './metrics.ts';
import { openSampleDatabase } from './sample-database.ts';
import { graceMs, tiers, type Tier } from './resolution.ts';
import { decodeSummaries, encodeSummaries, mergedAll, summaryOf, type Summaries } from './summary.ts';

/** What has been measured, kept beside the event store: losing it loses charts and nothing else. */
export interface SampleStore {
  /** Keeps the values of a server at a moment, by themselves and in the sums over longer times, and drops what has become too old of them. */
  add(serverId: string, at: number, subjects: readonly SubjectValues[]): void;
  /** Rows of the tier from `from` on and before `to`, of all subjects of these kinds; with `name` of that one alone. */
  read(
    serverId: string,
    wanted: { kinds: readonly SubjectKind[]; name?: string },
    range: { tier: Tier; from: number; to: number },
  ): StoredSubject[];
  /** Servers of which there is anything. */
  servers(): string[];
  /** Drops all that is kept of a server. */
  forget(serverId: string): void;
  /** Drops what is too old, also of what is not measured any more. */
  sweep(now: number): void;
  /** Closing again does nothing: a service may be stopped twice. */
  close(): void;
}

/** @param onLost told why there are no earlier samples though there should be */
export const openSampleStore = (file: string, onLost: (reason: string) => void): SampleStore => {
  const database = openSampleDatabase(file, onLost);
  const rows = Object.fromEntries(tiers.map((tier) => [tier.table, rowsOf(database, tier)]));
  const ofTier = ({ table }: Tier): Rows => rows[table] as Rows;
  const subjectNumbers = numbersOf(database);
  const ofServer = database.prepare(
    'SELECT number, kind, name FROM subjects WHERE server_id = ? ORDER BY kind DESC, name',
  );
  const serverIds = database.prepare('SELECT DISTINCT server_id FROM subjects');
  const allSubjects = database.prepare('SELECT number FROM subjects');
  const removeSubject = database.prepare('DELETE FROM subjects WHERE number = ?');
  return {
    add(serverId, at, subjects) {
      inTransaction(database, () => {
        for (const { kind, name, values } of subjects) {
          const number = subjectNumbers.of(serverId, kind, name);
          const summaries = values.map(summaryOf);
          for (const tier of tiers) ofTier(tier).add(number, at, summaries);
        }
      });
    },
    read(serverId, { kinds, name }, { tier, from, to }) {
      return ofServer.all(serverId).flatMap((row) => {
        const subject = { kind: String(row['kind']) as SubjectKind, name: String(row['name']) };
        if (!kinds.includes(subject.kind) || (name !== undefined && subject.name !== name)) return [];
        return [{ ...subject, rows: ofTier(tier).read(Number(row['number']), from, to) }];
      });
    },
    servers: () => serverIds.all().map((row) => String(row['server_id'])),
    forget(serverId) {
      inTransaction(database, () => {
        for (const { number } of ofServer.all(serverId) as { number: number }[]) {
          for (const tier of tiers) ofTier(tier).drop(number, Infinity);
          removeSubject.run(number);
        }
      });
    },
    sweep(now) {
      inTransaction(database, () => {
        for (const { number } of allSubjects.all() as { number: number }[]) {
          for (const tier of tiers) ofTier(tier).drop(number, now - tier.keptMs - graceMs);
          if (tiers.every((tier) => ofTier(tier).isEmpty(number))) removeSubject.run(number);
        }
      });
    },
    close() {
      if (database.isOpen) database.close();
    },
  };
};

/** Rows of one tier. */
interface Rows {
  add(subject: number, at: number, summaries: Summaries): void;
  read(subject: number, from: number, to: number): { at: number; summaries: Summaries }[];
  /** Drops those before a moment. */
  drop(subject: number, before: number): void;
  isEmpty(subject: number): boolean;
}

const rowsOf = (database: DatabaseSync, { table, spanMs, keptMs }: Tier): Rows => {
  const find = database.prepare(`SELECT summaries FROM ${table} WHERE subject = ? AND at = ?`);
  const write = database.prepare(
    `INSERT INTO ${table} (subject, at, summaries) VALUES (?, ?, ?)
     ON CONFLICT (subject, at) DO UPDATE SET summaries = excluded.summaries`,
  );
  const readRange = database.prepare(
    `SELECT at, summaries FROM ${table} WHERE subject = ? AND at >= ? AND at < ? ORDER BY at`,
  );
  const dropOld = database.prepare(`DELETE FROM ${table} WHERE subject = ? AND at < ?`);
  const anyRow = database.prepare(`SELECT 1 FROM ${table} WHERE subject = ? LIMIT 1`);
  const drop = (subject: number, before: number): void =>
    void dropOld.run(subject, Math.min(before, Number.MAX_SAFE_INTEGER));
  return {
    add(subject, at, summaries) {
      const begin = spanMs === 0 ? at : Math.floor(at / spanMs) * spanMs;
      const known = find.get(subject, begin)?.['summaries'];
      const all = known instanceof Uint8Array ? mergedAll(decodeSummaries(known), summaries) : summaries;
      write.run(subject, begin, encodeSummaries(all));
      drop(subject, at - keptMs - graceMs);
    },
    read: (subject, from, to) =>
      readRange.all(subject, from, to).map((row) => ({
        at: Number(row['at']),
        summaries: decodeSummaries(row['summaries'] as Uint8Array),
      })),
    drop,
    isEmpty: (subject) => anyRow.get(subject) === undefined,
  };
};

const numbersOf = (database: DatabaseSync) => {
  const find = database.prepare('SELECT number FROM subjects WHERE server_id = ? AND kind = ? AND name = ?');
  const insert = database.prepare('INSERT INTO subjects (server_id, kind, name) VALUES (?, ?, ?)');
  return {
    of(serverId: string, kind: SubjectKind, name: string): number {
      const known = find.get(serverId, kind, name)?.['number'];
      return Number(known ?? insert.run(serverId, kind, name).lastInsertRowid);
    },
  };
};
