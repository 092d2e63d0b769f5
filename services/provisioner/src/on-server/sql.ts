import type { ClientNames } from './names.ts';

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\u001a': '\\Z',
  '\\': '\\\\',
  "'": "\\'",
};

/** A string literal. Valid after {@link sessionStart}, which makes the backslash an escape character. */
export const sqlString = (value: string): string =>
  `'${Array.from(value, (character) => escapes[character] ?? character).join('')}'`;

/** A quoted identifier. */
export const sqlIdentifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** A database name in GRANT, where an unescaped `_` or `%` matches other databases, too. */
const sqlGrantedDatabase = (name: string): string => sqlIdentifier(name.replaceAll(/[\\_%]/g, '\\$&'));

/** Makes quoting independent of the server's configuration. */
const sessionStart = "SET SESSION sql_mode = 'STRICT_TRANS_TABLES';\n";

const script = (...statements: string[]): string =>
  sessionStart + statements.map((statement) => `${statement};\n`).join('');

const account = (user: string): string => `${sqlString(user)}@'%'`;

/** Prints one line: the comment of the client's database (NULL without one), a tab, the number of accounts with its name. */
export const inspectDatabaseSql = (names: ClientNames): string =>
  script(
    `SELECT (SELECT SCHEMA_COMMENT FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${sqlString(names.database)}),` +
      ` (SELECT COUNT(*) FROM mysql.user WHERE User = ${sqlString(names.databaseUser)})`,
  );

/**
 * Makes the database and an account that may use it and nothing else. Safe to repeat. The database is made first, since the owner tag in its
 * comment stands for both.
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
 * Removes both. Safe to repeat. The database goes last, since it carries the owner tag. Connections are cut first: one that a killed command
 * has left busy would block the removal.
 */
export const dropDatabaseSql = (names: ClientNames): string =>
  script(
    `KILL HARD USER ${account(names.databaseUser)}`,
    `DROP USER IF EXISTS ${account(names.databaseUser)}`,
    `DROP DATABASE IF EXISTS ${sqlIdentifier(names.database)}`,
  );

/** Removes the database and leaves its account. Safe to repeat. */
export const dropOnlyDatabaseSql = (names: ClientNames): string =>
  script(`DROP DATABASE IF EXISTS ${sqlIdentifier(names.database)}`);

/**
 * Makes the client's database anew and empty. Connections are cut first, as they would hold the old one. The account's privileges remain,
 * since they belong to the database's name. Safe to repeat.
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

/** Which columns a statement sets; it sets all of them where the row is not there yet. */
export type SettingsPart = 'everything' | 'maintenance' | 'expiry' | 'options';

/** Columns with a meaning, in the order in which they are written and read. */
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

/** Makes the table of cloud settings in a client's database, with its one row, and sets a part of its columns. Safe to repeat. */
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

/** The cloud settings that one client's database should hold. */
export interface ExpectedSettings {
  names: Pick<ClientNames, 'database'>;
  settings: CloudSettings;
}

/** Texts are compared byte by byte, since the table's collation takes `a` for `A`. */
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

/** Last line of an answer: without it, the database went away before the end. */
export const settingsEnd = 'end of settings';

const endOfSettings = `SELECT ${sqlString(settingsEnd)}`;

/**
 * Compares the cloud settings of many databases with the expected ones. Prints a line for each row found: the database, then 1 or 0 for each
 * of {@link settingsColumns}, right or wrong; then {@link settingsEnd}. Needs `--force`, so that a database without the table does not stop
 * the others.
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
 * Reads the cloud settings of one database and compares them. Prints one line, none without a row: maintenance, its message in hex, expiry,
 * quick start, tutorial, time of the last writing, then as {@link compareSettingsSql}. Needs `--force` as well.
 */
export const readSettingsSql = (expected: ExpectedSettings): string =>
  script(
    "SELECT maintenance, HEX(maintenance_message), DATE_FORMAT(expires_at, '%Y-%m-%dT%H:%i:%sZ'), quick_start, tutorial," +
      ` DATE_FORMAT(updated_at, '%Y-%m-%dT%H:%i:%sZ'), ${comparisons(expected)}` +
      ` FROM ${settingsTable(expected.names)} WHERE id = 1`,
    endOfSettings,
  );

/** Option file that makes mariadb's command-line client root. In a quoted value the backslash escapes. */
export const rootOptionFile = (password: string): string =>
  `[client]\nuser=root\npassword="${password.replaceAll(/["\\]/g, '\\$&')}"\n`;
