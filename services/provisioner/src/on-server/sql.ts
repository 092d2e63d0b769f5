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
 * its comment is what marks both as made by this operation.
 */
export const createDatabaseSql = (names: ClientNames, mark: string, password: string): string =>
  script(
    `CREATE DATABASE IF NOT EXISTS ${sqlIdentifier(names.database)}` +
      ` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci COMMENT ${sqlString(mark)}`,
    `CREATE USER IF NOT EXISTS ${account(names.databaseUser)} IDENTIFIED BY ${sqlString(password)}`,
    `ALTER USER ${account(names.databaseUser)} IDENTIFIED BY ${sqlString(password)}`,
    `GRANT ALL PRIVILEGES ON ${sqlGrantedDatabase(names.database)}.* TO ${account(names.databaseUser)}`,
  );

/** Takes both away. Safe to repeat. The database goes last, as it carries the mark. */
export const dropDatabaseSql = (names: ClientNames): string =>
  script(
    `DROP USER IF EXISTS ${account(names.databaseUser)}`,
    `DROP DATABASE IF EXISTS ${sqlIdentifier(names.database)}`,
  );

/** What Alfa Cloud tells the application; see docs/image-contract.md. */
export interface CloudSettings {
  maintenance: { message: string | null } | null;
  /** Last second of use. */
  expiresAt: Date;
}

/** Which of the columns a statement shall make true; the others are left as they are unless the row is not there yet. */
export type SettingsPart = 'everything' | 'maintenance' | 'expiry';

const settingsColumns: Readonly<Record<SettingsPart, readonly string[]>> = {
  everything: ['maintenance', 'maintenance_message', 'expires_at', 'quick_start', 'tutorial'],
  maintenance: ['maintenance', 'maintenance_message'],
  expiry: ['expires_at'],
};

/** Makes the table of settings that Alfa Cloud keeps true in every client's database, with its one row. Safe to repeat. */
export const cloudSettingsSql = (names: ClientNames, settings: CloudSettings, part: SettingsPart): string => {
  const table = `${sqlIdentifier(names.database)}.cloud_settings`;
  const { maintenance } = settings;
  const message = maintenance?.message ?? null;
  const expiresAt = sqlString(settings.expiresAt.toISOString().slice(0, 19).replace('T', ' '));
  const columns = settingsColumns[part].map((column) => `${column} = VALUES(${column})`).join(', ');
  return script(
    `CREATE TABLE IF NOT EXISTS ${table} (` +
      'id TINYINT UNSIGNED NOT NULL PRIMARY KEY CHECK (id = 1), ' +
      'maintenance BOOLEAN NOT NULL DEFAULT FALSE, ' +
      'maintenance_message TEXT NULL, ' +
      'expires_at DATETIME NULL, ' +
      'quick_start BOOLEAN NOT NULL DEFAULT TRUE, ' +
      'tutorial BOOLEAN NOT NULL DEFAULT TRUE, ' +
      'updated_at DATETIME NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4',
    `INSERT INTO ${table} (id, maintenance, maintenance_message, expires_at, quick_start, tutorial, updated_at)` +
      ` VALUES (1, ${maintenance === null ? 'FALSE' : 'TRUE'}, ${message === null ? 'NULL' : sqlString(message)},` +
      ` ${expiresAt}, TRUE, TRUE, UTC_TIMESTAMP())` +
      ` ON DUPLICATE KEY UPDATE ${columns}, updated_at = UTC_TIMESTAMP()`,
  );
};

/** Option file by which mariadb's command-line client becomes root; a quoted value escapes with the backslash. */
export const rootOptionFile = (password: string): string =>
  `[client]\nuser=root\npassword="${password.replaceAll(/["\\]/g, '\\$&')}"\n`;
