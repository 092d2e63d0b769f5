import { message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { runSql } from '../../on-server/database.ts';
import { final } from '../../on-server/failures.ts';
import { script, sqlIdentifier, sqlString } from '../../on-server/sql.ts';

export interface DatabaseFound {
  tables: number;
  rows: number;
}

interface TableSum {
  rows: number;
  checksum: string;
}

const deadlineMs = 3_600_000;
/** Tables that are asked for at a time. */
const batch = 200;
const outputMax = 16_000_000;
const namedMax = 20;

/**
 * Written by Alfa Cloud itself: on the one server while an operation is at work beside others, on the other one as recorded. So it may differ, and
 * is made right by whoever records the move.
 */
const ofAlfaCloud = 'cloud_settings';

/**
 * Compares both databases: names of tables, numbers of rows, and the checksum of each table's rows in whatever order. The settings that Alfa Cloud
 * writes are left out.
 * @throws StepFailure final `transfer_differs` with the first tables that differ
 */
export const verifyDatabase = async (
  from: ClientOnServer,
  to: ClientOnServer,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<DatabaseFound> => {
  const [source, target] = await Promise.all([sumsOf(from, signal), sumsOf(to, signal)]);
  const differing = differences(source, target);
  if (differing.length > 0) {
    const named = differing.slice(0, namedMax).join(', ');
    throw final(
      'transfer_differs',
      message`Tables of database ${from.names.database} differ after the transfer: ${named}`,
    );
  }
  const rows = [...source.values()].reduce((sum, table) => sum + table.rows, 0);
  return { tables: source.size, rows };
};

/** Tables that are not the same on both sides, with what of them differs. */
export const differences = (
  source: ReadonlyMap<string, TableSum>,
  target: ReadonlyMap<string, TableSum>,
): string[] =>
  [...new Set([...source.keys(), ...target.keys()])].sort().flatMap((name) => {
    const [ours, theirs] = [source.get(name), target.get(name)];
    if (name === ofAlfaCloud) return [];
    if (ours === undefined || theirs === undefined) return [`${name} (only on one side)`];
    if (ours.rows !== theirs.rows) return [`${name} (${ours.rows} and ${theirs.rows} rows)`];
    return ours.checksum === theirs.checksum ? [] : [`${name} (other values)`];
  });

/** Tables with other rows or values than before, with their numbers of rows; null: there is no such table. */
export const tableDifferences = async (
  before: ClientOnServer,
  now: ClientOnServer,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<{ name: string; before: number | null; now: number | null }[]> => {
  const [old, present] = await Promise.all([sumsOf(before, signal), sumsOf(now, signal)]);
  return [...new Set([...old.keys(), ...present.keys()])].sort().flatMap((name) => {
    const [was, is] = [old.get(name), present.get(name)];
    if (name === ofAlfaCloud || (was?.rows === is?.rows && was?.checksum === is?.checksum)) return [];
    return [{ name, before: was?.rows ?? null, now: is?.rows ?? null }];
  });
};

const sumsOf = async (client: ClientOnServer, signal: AbortSignal): Promise<Map<string, TableSum>> => {
  const { cloud, names, redact } = client;
  const ask = (sql: string) => runSql(cloud, sql, redact, { signal, deadlineMs, outputMax });
  const tables = (await ask(tablesSql(names.database)))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'hex').toString());
  const sums = new Map<string, TableSum>();
  for (let at = 0; at < tables.length; at += batch) {
    const asked = tables.slice(at, at + batch);
    const lines = (await ask(sumsSql(names.database, asked))).split('\n');
    for (const [index, table] of asked.entries()) {
      const checksum = lines[2 * index + 1]?.split('\t').at(-1) ?? '';
      sums.set(table, { rows: Number(lines[2 * index]), checksum });
    }
  }
  return sums;
};

const tablesSql = (database: string): string =>
  script(
    `SELECT HEX(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${sqlString(database)}` +
      " AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')",
  );

const sumsSql = (database: string, tables: readonly string[]): string =>
  script(
    ...tables.flatMap((table) => {
      const name = `${sqlIdentifier(database)}.${sqlIdentifier(table)}`;
      return [`SELECT COUNT(*) FROM ${name}`, `CHECKSUM TABLE ${name}`];
    }),
  );
