import type { ClientNames } from './names.ts';

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\u001a': '\\Z',
  '\\': '\\\\',
  "'": "\\'",
};

/** A string literal. Holds after {@link sessionStart}, which makes sure that the backslash escapes. */
export const sqlString = (value: string): string =>
  `'${Array.from(value, (character) => escapes[character] ?? character).join('')}'`;

/** A quoted identifier. */
export const sqlIdentifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** A database in GRANT, where `_` and `%` would otherwise stand for other databases as well. */
const sqlGrantedDatabase = (name: string): string => sqlIdentifier(name.replaceAll(/[\\_%]/g, '\\$&'));

/** Makes quoting independent of how the server is configured. */
const sessionStart = "SET SESSION sql_mode = 'STRICT_TRANS_TABLES';\n";

const script = (...statements: string[]): string =>
  sessionStart + statements.map((statement) => `${statement};\n`).join('');

const account = (user: string): string => `${sqlString(user)}@'%'`;

/** Answers one line: the comment of the client's database or `\N` without one, a tab, how many accounts have its name. */
export const inspectDatabaseSql = (names: ClientNames): string =>
  script(
    `SELECT (SELECT SCHEMA_COMMENT FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${sqlString(names.database)}),` +
      ` (SELECT COUNT(*) FROM mysql.user WHERE User = ${sqlString(names.databaseUser)})`,
  );

/**
 * Makes the database and the account that may use it and nothing else. Safe to repeat. The database comes first:
 * its comment says that this operation made both.
 */
export const createDatabaseSql = (names: ClientNames, ownerTag: string, password: string): string =>
  script(
    `CREATE DATABASE IF NOT EXISTS ${sqlIdentifier(names.database)}` +
      ` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci COMMENT ${sqlString(ownerTag)}`,
    `CREATE USER IF NOT EXISTS ${account(names.databaseUser)} IDENTIFIED BY ${sqlString(password)}`,
    `ALTER USER ${account(names.databaseUser)} IDENTIFIED BY ${sqlString(password)}`,
    `GRANT ALL PRIVILEGES ON ${sqlGrantedDatabase(names.database)}.* TO ${account(names.databaseUser)}`,
  );

/**
 * Takes both away. Safe to repeat. The database goes last, as it carries the owner tag. Connections are cut first: one that a killed command has left
 * at work would keep the database from being dropped.
 */
export const dropDatabaseSql = (names: ClientNames): string =>
  script(
    `KILL HARD USER ${account(names.databaseUser)}`,
    `DROP USER IF EXISTS ${account(names.databaseUser)}`,
    `DROP DATABASE IF EXISTS ${sqlIdentifier(names.database)}`,
  );

/** Takes the database away and leaves its account. Safe to repeat. */
export const dropOnlyDatabaseSql = (names: ClientNames): string =>
  script(`DROP DATABASE IF EXISTS ${sqlIdentifier(names.database)}`);

/**
 * Makes the client's database anew and empty, its connections cut first: they would hold the old one. What the account may do follows the
 * database's name. Safe to repeat.
 */
export const recreateDatabaseSql = (names: ClientNames, ownerTag: string): string =>
  script(
    `KILL HARD USER ${account(names.databaseUser)}`,
    `DROP DATABASE IF EXISTS ${sqlIdentifier(names.database)}`,
    `CREATE DATABASE ${sqlIdentifier(names.database)}` +
      ` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci COMMENT ${sqlString(ownerTag)}`,
  );

/** What Alfa Cloud tells the application; see docs/image-contract.md. */
export interface CloudSettings {
  maintenance: { message: string | null } | null;
  /** Last second of use. */
  expiresAt: Date;
  quickStart: boolean;
  tutorial: boolean;
}

/** Which of the columns a statement shall make true; the others are left as they are unless the row is not there yet. */
export type SettingsPart = 'everything' | 'maintenance' | 'expiry' | 'options';

/** Columns that say something, in the order in which they are written and answered. */
export const settingsColumns = [
  'maintenance',
  'maintenance_message',
  'expires_at',
  'quick_start',
  'tutorial',
] as const;

export type SettingsColumn = (typeof settingsColumns)[number];

const columnsOf: Readonly<Record<SettingsPart, readonly SettingsColumn[]>> = {
  everything: settingsColumns,
  maintenance: ['maintenance', 'maintenance_message'],
  expiry: ['expires_at'],
  options: ['quick_start', 'tutorial'],
};

const settingsTable = (names: Pick<ClientNames, 'database'>): string =>
  `${sqlIdentifier(names.database)}.cloud_settings`;

const sqlBoolean = (value: boolean): string => (value ? 'TRUE' : 'FALSE');

const valuesOf = (settings: CloudSettings): Readonly<Record<SettingsColumn, string>> => {
  const message = settings.maintenance?.message ?? null;
  return {
    maintenance: sqlBoolean(settings.maintenance !== null),
    maintenance_message: message === null ? 'NULL' : sqlString(message),
    expires_at: sqlString(settings.expiresAt.toISOString().slice(0, 19).replace('T', ' ')),
    quick_start: sqlBoolean(settings.quickStart),
    tutorial: sqlBoolean(settings.tutorial),
  };
};

/** Makes the table of settings that Alfa Cloud keeps true in every client's database, with its one row. Safe to repeat. */
export const cloudSettingsSql = (names: ClientNames, settings: CloudSettings, part: SettingsPart): string => {
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
    `INSERT INTO ${table} (id, ${settingsColumns.join(', ')}, updated_at)` +
      ` VALUES (1, ${settingsColumns.map((column) => values[column]).join(', ')}, UTC_TIMESTAMP())` +
      ` ON DUPLICATE KEY UPDATE ${changes}, updated_at = UTC_TIMESTAMP()`,
  );
};

/** What the settings of one client's database are compared with. */
export interface ExpectedSettings {
  names: Pick<ClientNames, 'database'>;
  settings: CloudSettings;
}

/** Texts are compared byte by byte: the table's collation would take `a` for `A`. */
const comparisons = ({ settings }: ExpectedSettings): string => {
  const values = valuesOf(settings);
  return settingsColumns
    .map((column) =>
      column === 'maintenance_message'
        ? `BINARY ${column} <=> BINARY ${values[column]}`
        : `${column} <=> ${values[column]}`,
    )
    .join(', ');
};

/** Last line of the answer to statements of which any may be refused; without it the database went away in between. */
export const settingsEnd = 'end of settings';

const endOfSettings = `SELECT ${sqlString(settingsEnd)}`;

/**
 * Compares the settings in many databases with what they should be. Answers a line for each row that is there: the database, then for each of
 * {@link settingsColumns} 1 when it is right, else 0; then {@link settingsEnd}. Has to be run with `--force`, so that a database without the table does not keep the others from
 * being looked at.
 */
export const compareSettingsSql = (expected: readonly ExpectedSettings[]): string =>
  script(
    ...expected.map(
      (each) =>
        `SELECT ${sqlString(each.names.database)}, ${comparisons(each)} FROM ${settingsTable(each.names)} WHERE id = 1`,
    ),
    endOfSettings,
  );

/**
 * Reads the settings in one database and compares them. Answers one line, or none without a row: maintenance, its message in hex, expiry,
 * quick start, tutorial, time of the last writing, then as {@link compareSettingsSql}, with which it shares that it may be refused.
 */
export const readSettingsSql = (expected: ExpectedSettings): string =>
  script(
    "SELECT maintenance, HEX(maintenance_message), DATE_FORMAT(expires_at, '%Y-%m-%dT%H:%i:%sZ'), quick_start, tutorial," +
      ` DATE_FORMAT(updated_at, '%Y-%m-%dT%H:%i:%sZ'), ${comparisons(expected)}` +
      ` FROM ${settingsTable(expected.names)} WHERE id = 1`,
    endOfSettings,
  );

/** Option file by which mariadb's command-line client becomes root; a quoted value escapes with the backslash. */
export const rootOptionFile = (password: string): string =>
  `[client]\nuser=root\npassword="${password.replaceAll(/["\\]/g, '\\$&')}"\n`;
