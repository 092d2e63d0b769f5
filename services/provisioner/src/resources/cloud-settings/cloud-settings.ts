import { message } from '@alfa-cloud/contracts';
import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { runSql } from '../../on-server/database.ts';
import { transient } from '../../on-server/failures.ts';
import {
  compareCloudSettingsSql,
  readCloudSettingsSql,
  cloudSettingsColumns,
  cloudSettingsEnd,
  type CloudSettings,
  type ExpectedCloudSettings,
  type CloudSettingsColumn,
} from '../../on-server/cloud-settings-sql.ts';

/** Longest answer about one database, in characters; its name is the longest part. */
const answerMax = 256;

/**
 * Columns that are not as expected, by database. One command on the server compares all given databases; those where everything is right are
 * left out. Without the row or the table every column is wrong.
 * @throws StepFailure · CloudServerError
 */
export const wrongColumns = async (
  cloud: CloudServer,
  expected: readonly ExpectedCloudSettings[],
  options: { redact?: (text: string) => string; signal: AbortSignal },
): Promise<Map<string, CloudSettingsColumn[]>> => {
  const { redact = (text) => text, signal } = options;
  const outputMax = answerMax * (expected.length + 1);
  const lines = await ask(cloud, compareCloudSettingsSql(expected), redact, { outputMax, signal });
  const found = new Map(
    lines.map((line) => {
      const [database = '', ...flags] = line.split('\t');
      return [database, wrongOf(flags)] as const;
    }),
  );
  return new Map(
    expected
      .map(({ names }) => [names.database, found.get(names.database) ?? [...cloudSettingsColumns]] as const)
      .filter(([, columns]) => columns.length > 0),
  );
};

/** A missing table prints nothing and is no failure; a database that goes away is one. */
const ask = async (
  cloud: CloudServer,
  sql: string,
  redact: (text: string) => string,
  options: CallOptions & { outputMax: number },
): Promise<string[]> => {
  const lines = (await runSql(cloud, sql, redact, { ...options, goOn: true })).trimEnd().split('\n');
  if (lines.pop() === cloudSettingsEnd) return lines;
  throw transient('database_unreachable', message`The database of the server stopped answering`);
};

const wrongOf = (flags: readonly string[]): CloudSettingsColumn[] =>
  cloudSettingsColumns.filter((_, index) => flags[index] !== '1');

/** The row as it stands in the database. */
export interface FoundCloudSettings extends Omit<CloudSettings, 'maintenance' | 'expiresAt'> {
  maintenance: boolean;
  maintenanceMessage: string | null;
  /** RFC 3339. */
  expiresAt: string | null;
  /** RFC 3339. */
  updatedAt: string;
  wrong: CloudSettingsColumn[];
}

/**
 * The cloud settings in one client's database now; null without the row or the table.
 * @throws StepFailure · CloudServerError
 */
export const inspectCloudSettings = async (
  cloud: CloudServer,
  expected: ExpectedCloudSettings,
  options: { redact: (text: string) => string; deadlineMs: number },
): Promise<FoundCloudSettings | null> => {
  const { redact, deadlineMs } = options;
  // In hex a message of 64 KiB takes twice its length.
  const outputMax = 200_000;
  const lines = await ask(cloud, readCloudSettingsSql(expected), redact, { deadlineMs, outputMax });
  const fields = lines[0]?.split('\t') ?? [];
  if (fields.length < 6 + cloudSettingsColumns.length) return null;
  const [maintenance, message, expiresAt, quickStart, tutorial, updatedAt = '', ...flags] = fields;
  return {
    maintenance: maintenance === '1',
    maintenanceMessage:
      message === 'NULL' || message === undefined ? null : Buffer.from(message, 'hex').toString(),
    expiresAt: expiresAt === 'NULL' || expiresAt === undefined ? null : expiresAt,
    quickStart: quickStart === '1',
    tutorial: tutorial === '1',
    updatedAt,
    wrong: wrongOf(flags),
  };
};
