import { message, type Message } from '@alfa-cloud/contracts';
import type { StepFailure, StepIo } from '@alfa-cloud/operations';
import { errorName } from '@alfa-cloud/service-kit';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { runSql } from '../../on-server/database.ts';
import { script, sqlIdentifier, sqlString } from '../../on-server/sql.ts';
import { measureScript } from './scripts/measure-script.ts';
import { ensureTransferContainer, removeTransferContainer } from './transfer-container.ts';
import { numbersOf, runOnStorage, storageSide } from './transfer-script.ts';

/** Something that can not be brought to another server as it is. */
export interface TransferObstacle {
  kind: 'socket' | 'device' | 'table' | 'row' | 'value';
  /** Path in the storage, or name of a table, for a `value` of a column, `table.column`. */
  name: string;
  reason: Message;
}

export interface ClientSize {
  /** Data and indexes, as the database estimates them. */
  database: { bytes: number; tables: number };
  /** Sizes of files, holes of sparse ones among them. */
  storage: { bytes: number; files: number };
  obstacles: TransferObstacle[];
}

/**
 * Tells what of a client would have to be brought to another server, and what could not be. Changes nothing of the client; the client goes on
 * working, so the sizes are those of a moment.
 */
export const measureClient = async (
  client: ClientOnServer,
  io: Pick<StepIo, 'signal' | 'operationId'>,
): Promise<ClientSize> => {
  const database = await measureDatabase(client, io);
  const storage = await measureStorage(client, io);
  return {
    database: { bytes: database.bytes, tables: database.tables },
    storage: { bytes: storage.bytes, files: storage.files },
    obstacles: [...database.obstacles, ...storage.obstacles],
  };
};

const measureStorage = async (
  client: ClientOnServer,
  { signal, operationId }: Pick<StepIo, 'signal' | 'operationId'>,
): Promise<{ bytes: number; files: number; obstacles: TransferObstacle[] }> => {
  const volume = await client.cloud.docker.volume(client.names.volume, { signal });
  if (volume === null) return { bytes: 0, files: 0, obstacles: [] };
  const what = message`Measuring the storage of ${client.names.host}`;
  await ensureTransferContainer(client, operationId, { signal });
  let output: string;
  try {
    output = await runOnStorage(client, what, storageSide(client, measureScript), { signal });
  } finally {
    await removeTransferContainer(client, { signal: AbortSignal.timeout(30_000) });
  }
  return { ...numbersOf(what, output, ['bytes', 'files']), obstacles: fileObstacles(output) };
};

const fileObstacles = (output: string): TransferObstacle[] =>
  output
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([first]) => first === 'obstacle')
    .map(([, kind = '', name = '']) =>
      kind === 'socket'
        ? { kind, name, reason: message`a socket belongs to the process that has made it` }
        : { kind: 'device' as const, name, reason: message`a device belongs to its server` },
    );

/** A row that takes more than half of what a statement may be can come to more than that, since bytes are escaped. */
const rowBytesMax = 536_870_000;
const scanMs = 600_000;
const outputMax = 4_000_000;

interface Table {
  name: string;
  bytes: number;
  longColumns: string[];
  floatColumns: string[];
}

const measureDatabase = async (
  { cloud, names, redact }: ClientOnServer,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<{ bytes: number; tables: number; obstacles: TransferObstacle[] }> => {
  const options = { signal, outputMax, deadlineMs: scanMs };
  const tables = parseTables(await runSql(cloud, tablesSql(names.database), redact, options));
  const obstacles: TransferObstacle[] = [];
  const refusalOf = async (sql: string): Promise<Message | null> => {
    try {
      await runSql(cloud, sql, redact, options);
      return null;
    } catch (error) {
      if (errorName(error) !== 'StepFailure' || (error as StepFailure).code !== 'database_failed')
        throw error;
      return (error as StepFailure).words;
    }
  };
  // Opening one tells whether it can be read at all; each start of the client costs as much as a hundred statements.
  const allOpen = await refusalOf(openSql(names.database, tables));
  for (const { name } of allOpen === null ? [] : tables) {
    const reason = await refusalOf(openSql(names.database, [{ name }]));
    if (reason !== null) obstacles.push({ kind: 'table', name, reason });
  }
  const readable = tables.filter(({ name }) => !obstacles.some((found) => found.name === name));
  const large = readable.filter(({ bytes, longColumns }) => bytes > rowBytesMax && longColumns.length > 0);
  for (const { name, longColumns } of large) {
    const longest = Number(
      await runSql(cloud, longestSql(names.database, name, longColumns), redact, options),
    );
    if (longest > rowBytesMax) {
      const reason = message`its longest row has ${longest} bytes, and a server takes a statement of 1 GiB at most`;
      obstacles.push({ kind: 'row', name, reason });
    }
  }
  for (const { name, floatColumns } of readable) {
    for (const column of floatColumns) {
      const count = Number(await runSql(cloud, roundedSql(names.database, name, column), redact, options));
      const reason = message`${count} values have more digits than a dump prints of single precision`;
      if (count > 0) obstacles.push({ kind: 'value', name: `${name}.${column}`, reason });
    }
  }
  return { bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0), tables: tables.length, obstacles };
};

const parseTables = (output: string): Table[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', bytes, long = '', float = ''] = line.split('\t');
      return {
        name: unhex(name),
        bytes: Number(bytes),
        longColumns: listed(long),
        floatColumns: listed(float),
      };
    });

const listed = (columns: string): string[] => (columns === 'NULL' ? [] : columns.split(',').map(unhex));

const unhex = (hex: string): string => Buffer.from(hex, 'hex').toString();

const tablesSql = (database: string): string =>
  script(
    'SET SESSION group_concat_max_len = 1000000',
    `SELECT HEX(t.TABLE_NAME), COALESCE(t.DATA_LENGTH, 0) + COALESCE(t.INDEX_LENGTH, 0),` +
      ` ${columnsSql("'longblob', 'longtext'")}, ${columnsSql("'float'")}` +
      ` FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = ${sqlString(database)}` +
      ` AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')`,
  );

const columnsSql = (types: string): string =>
  '(SELECT GROUP_CONCAT(HEX(c.COLUMN_NAME)) FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = t.TABLE_SCHEMA' +
  ` AND c.TABLE_NAME = t.TABLE_NAME AND c.DATA_TYPE IN (${types}))`;

/** A value of single precision is printed with six digits, and is another one when these are read. */
const roundedSql = (database: string, table: string, column: string): string => {
  const name = sqlIdentifier(column);
  return script(
    `SELECT COUNT(*) FROM ${sqlIdentifier(database)}.${sqlIdentifier(table)} WHERE ${name} <> CAST(CONCAT(${name}) AS FLOAT)`,
  );
};

const openSql = (database: string, tables: readonly Pick<Table, 'name'>[]): string =>
  script(
    ...tables.map(({ name }) => `SELECT 1 FROM ${sqlIdentifier(database)}.${sqlIdentifier(name)} LIMIT 1`),
  );

const longestSql = (database: string, table: string, columns: readonly string[]): string => {
  const sum = columns.map((column) => `COALESCE(LENGTH(${sqlIdentifier(column)}), 0)`).join(' + ');
  return script(`SELECT COALESCE(MAX(${sum}), 0) FROM ${sqlIdentifier(database)}.${sqlIdentifier(table)}`);
};
