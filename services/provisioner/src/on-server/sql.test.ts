import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clientNames } from './names.ts';
import {
  createDatabaseSql,
  dropDatabaseSql,
  inspectDatabaseSql,
  rootOptionFile,
  sqlIdentifier,
  sqlString,
} from './sql.ts';
import { cloudSettingsSql } from './cloud-settings-sql.ts';

const names = clientNames('my-lab', 'lab.test');

/** What MariaDB reads in a string literal while the backslash escapes; the rest of the text after the literal. */
const readLiteral = (sql: string): { value: string; rest: string } => {
  const escaped: Record<string, string> = { '0': '\0', n: '\n', r: '\r', Z: '\u001a' };
  let value = '';
  for (let index = 1; index < sql.length; index += 1) {
    const character = sql.charAt(index);
    if (character === "'") return { value, rest: sql.slice(index + 1) };
    if (character === '\\') {
      index += 1;
      value += escaped[sql.charAt(index)] ?? sql.charAt(index);
    } else {
      value += character;
    }
  }
  throw new Error('The literal has no end');
};

const nasty = fc.string({
  unit: fc.constantFrom(
    "'",
    '"',
    '\\',
    '`',
    '$',
    '\n',
    '\r',
    '\0',
    ';',
    '-',
    '#',
    '%',
    '_',
    'a',
    'ü',
    '🧪',
    '\u001a',
  ),
});

describe('quoting', () => {
  test('a literal means exactly its text, whatever that is', () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'grapheme' })), (text) => {
        expect(readLiteral(`${sqlString(text)}; rest`)).toEqual({ value: text, rest: '; rest' });
      }),
    );
  });

  test('a literal stays on one line, so that the client never takes a part of it for a command of its own', () => {
    fc.assert(fc.property(nasty, (text) => !/[\n\r\0]/.test(sqlString(text))));
  });

  test('an identifier can not be left', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const inside = sqlIdentifier(text).slice(1, -1);
        expect(inside.replaceAll('``', '')).not.toContain('`');
      }),
    );
  });

  test('a password in the option file is one quoted value', () => {
    expect(rootOptionFile('a"b\\c')).toBe('[client]\nuser=root\npassword="a\\"b\\\\c"\n');
  });
});

describe('statements', () => {
  test('the database is made with its mark, then the account, which is granted that database alone', () => {
    expect(createDatabaseSql(names, 'mark', "p'w")).toBe(
      [
        "SET SESSION sql_mode = 'STRICT_TRANS_TABLES';",
        "CREATE DATABASE IF NOT EXISTS `alfa_my-lab` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci COMMENT 'mark';",
        "CREATE USER IF NOT EXISTS 'alfa_my-lab'@'%' IDENTIFIED BY 'p\\'w';",
        "ALTER USER 'alfa_my-lab'@'%' IDENTIFIED BY 'p\\'w';",
        "GRANT ALL PRIVILEGES ON `alfa\\_my-lab`.* TO 'alfa_my-lab'@'%';",
        '',
      ].join('\n'),
    );
  });

  test('the account is dropped before the database that carries the mark', () => {
    const sql = dropDatabaseSql(names);
    expect(sql.indexOf('DROP USER')).toBeGreaterThan(0);
    expect(sql.indexOf('DROP DATABASE')).toBeGreaterThan(sql.indexOf('DROP USER'));
  });

  test('looking names the database and the account as text, not as identifiers', () => {
    expect(inspectDatabaseSql(names)).toContain("SCHEMA_NAME = 'alfa_my-lab'");
    expect(inspectDatabaseSql(names)).toContain("User = 'alfa_my-lab'");
  });

  test('the settings hold the last second of use in UTC', () => {
    const sql = cloudSettingsSql(
      names,
      {
        expiresAt: new Date('2026-12-31T20:59:59.000Z'),
        maintenance: null,
        quickStart: true,
        tutorial: false,
      },
      'everything',
    );
    expect(sql).toContain("'2026-12-31 20:59:59'");
    expect(sql).toContain('`alfa_my-lab`.cloud_settings');
  });
});
