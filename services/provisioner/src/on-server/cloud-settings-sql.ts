import type { ClientNames } from './names.ts';
import { script, sqlIdentifier, sqlString } from './sql.ts';

/** What Alfa Cloud tells the application; see docs/image-contract.md. */
export interface CloudSettings {
  maintenance: { message: string | null } | null;
  /** Last second of use. */
  expiresAt: Date;
  quickStart: boolean;
  tutorial: boolean;
}

/** Which columns a statement sets; it sets all of them where the row is not there yet. */
export type CloudSettingsPart = 'everything' | 'maintenance' | 'expiry' | 'options';

/** Columns with a meaning, in the order in which they are written and read. */
export const cloudSettingsColumns = [
  'maintenance',
  'maintenance_message',
  'expires_at',
  'quick_start',
  'tutorial',
] as const;

export type CloudSettingsColumn = (typeof cloudSettingsColumns)[number];

const columnsOf: Readonly<Record<CloudSettingsPart, readonly CloudSettingsColumn[]>> = {
  everything: cloudSettingsColumns,
  maintenance: ['maintenance', 'maintenance_message'],
  expiry: ['expires_at'],
  options: ['quick_start', 'tutorial'],
};

const settingsTable = (names: Pick<ClientNames, 'database'>): string =>
  `${sqlIdentifier(names.database)}.cloud_settings`;

const sqlBoolean = (value: boolean): string => (value ? 'TRUE' : 'FALSE');

const valuesOf = (settings: CloudSettings): Readonly<Record<CloudSettingsColumn, string>> => {
  const message = settings.maintenance?.message ?? null;
  return {
    maintenance: sqlBoolean(settings.maintenance !== null),
    maintenance_message: message === null ? 'NULL' : sqlString(message),
    expires_at: sqlString(settings.expiresAt.toISOString().slice(0, 19).replace('T', ' ')),
    quick_start: sqlBoolean(settings.quickStart),
    tutorial: sqlBoolean(settings.tutorial),
  };
};

/** Makes the table of cloud settings in a client's database, with its one row, and sets a part of its columns. Safe to repeat. */
export const cloudSettingsSql = (
  names: ClientNames,
  settings: CloudSettings,
  part: CloudSettingsPart,
): string => {
  const table = settingsTable(names);
  const values = valuesOf(settings);
  const changes = columnsOf[part].map((column) => `${column} = VALUES(${column})`).join(', ');
  return script(
    `CREATE TABLE IF NOT EXISTS ${table} (` +
      'id TINYINT UNSIGNED NOT NULL PRIMARY KEY CHECK (id = 1), ' +
      'maintenance BOOLEAN NOT NULL DEFAULT FALSE, ' +
      'maintenance_message TEXT NULL, ' +
      'expires_at DATETIME NULL, ' +
      'quick_start BOOLEAN NOT NULL DEFAULT TRUE, ' +
      'tutorial BOOLEAN NOT NULL DEFAULT TRUE, ' +
      'updated_at DATETIME NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4',
    `INSERT INTO ${table} (id, ${cloudSettingsColumns.join(', ')}, updated_at)` +
      ` VALUES (1, ${cloudSettingsColumns.map((column) => values[column]).join(', ')}, UTC_TIMESTAMP())` +
      ` ON DUPLICATE KEY UPDATE ${changes}, updated_at = UTC_TIMESTAMP()`,
  );
};

/** The cloud settings that one client's database should hold. */
export interface ExpectedCloudSettings {
  names: Pick<ClientNames, 'database'>;
  settings: CloudSettings;
}

/** Texts are compared byte by byte, since the table's collation takes `a` for `A`. */
const comparisons = ({ settings }: ExpectedCloudSettings): string => {
  const values = valuesOf(settings);
  return cloudSettingsColumns
    .map((column) =>
      column === 'maintenance_message'
        ? `BINARY ${column} <=> BINARY ${values[column]}`
        : `${column} <=> ${values[column]}`,
    )
    .join(', ');
};

/** Last line of an answer: without it, the database went away before the end. */
export const cloudSettingsEnd = 'end of settings';

const endOfSettings = `SELECT ${sqlString(cloudSettingsEnd)}`;

/**
 * Compares the cloud settings of many databases with the expected ones. Prints a line for each row found: the database, then 1 or 0 for each
 * of {@link cloudSettingsColumns}, right or wrong; then {@link cloudSettingsEnd}. Needs `--force`, so that a database without the table does not stop
 * the others.
 */
export const compareCloudSettingsSql = (expected: readonly ExpectedCloudSettings[]): string =>
  script(
    ...expected.map(
      (each) =>
        `SELECT ${sqlString(each.names.database)}, ${comparisons(each)} FROM ${settingsTable(each.names)} WHERE id = 1`,
    ),
    endOfSettings,
  );

/**
 * Reads the cloud settings of one database and compares them. Prints one line, none without a row: maintenance, its message in hex, expiry,
 * quick start, tutorial, time of the last writing, then as {@link compareCloudSettingsSql}. Needs `--force` as well.
 */
export const readCloudSettingsSql = (expected: ExpectedCloudSettings): string =>
  script(
    "SELECT maintenance, HEX(maintenance_message), DATE_FORMAT(expires_at, '%Y-%m-%dT%H:%i:%sZ'), quick_start, tutorial," +
      ` DATE_FORMAT(updated_at, '%Y-%m-%dT%H:%i:%sZ'), ${comparisons(expected)}` +
      ` FROM ${settingsTable(expected.names)} WHERE id = 1`,
    endOfSettings,
  );
