import { sqlIdentifier, sqlString } from '../../on-server/sql.ts';

/** Empties those of the tables that are there, whatever refers to them. For the database that the session has chosen. */
export const clearSql = (tables: readonly string[]): string =>
  [
    "SET SESSION sql_mode = 'STRICT_TRANS_TABLES', foreign_key_checks = OFF",
    ...tables.flatMap((table) => [
      'SET @alfa_statement = IF((SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()' +
        ` AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME = ${sqlString(table)}) > 0,` +
        ` ${sqlString(`DELETE FROM ${sqlIdentifier(table)}`)}, 'DO 0')`,
      'EXECUTE IMMEDIATE @alfa_statement',
    ]),
  ]
    .map((statement) => `${statement};\n`)
    .join('');
