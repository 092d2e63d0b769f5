import mysql from 'sqlstring';
import type { ClientNames } from './names.ts';

/** A string literal. Valid after {@link sessionStart}, which makes the backslash an escape character. */
export const sqlString = (value: string): string => mysql.escape(value);

/** A quoted identifier; a dot in it separates nothing. */
export const sqlIdentifier = (name: string): string => mysql.escapeId(name, true);

/** A database name in GRANT, where an unescaped `_` or `%` matches other databases, too. */
const sqlGrantedDatabase = (name: string): string => sqlIdentifier(name.replaceAll(/[\\_%]/g, '\\$&'));

/** Makes quoting independent of the server's configuration. */
const sessionStart = "SET SESSION sql_mode = 'STRICT_TRANS_TABLES';\n";

/** Statements that mean the same on every server. */
export const script = (...statements: string[]): string =>
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

/** Option file that makes mariadb's command-line client root. In a quoted value the backslash escapes. */
export const rootOptionFile = (password: string): string =>
  `[client]\nuser=root\npassword="${password.replaceAll(/["\\]/g, '\\$&')}"\n`;
