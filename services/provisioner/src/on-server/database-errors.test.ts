import { expect, test } from '@jest/globals';
import { connectionTrouble } from './database-errors.ts';

test.each([
  ["ERROR 2002 (HY000): Can't connect to local server through socket '/run/mysqld/mysqld.sock' (2)", 'away'],
  ['ERROR 2006 (HY000) at line 44: Server has gone away', 'lost'],
  [
    'mariadb-dump: Error 2013: Lost connection to server during query when dumping table `t` at row: 1',
    'lost',
  ],
  ['mariadb-dump: Got error: 2002: "Can\'t connect to local server" when trying to connect', 'away'],
  ["ERROR 2013 (HY000) at line 1: Lost connection\nERROR 2002 (HY000): Can't connect", 'lost'],
  [
    "mysqldump: Couldn't execute 'SHOW FIELDS FROM `v`': Lost connection to server during query (2013)",
    'lost',
  ],
  ['ERROR 1053 (08S01) at line 1: Server shutdown in progress', 'lost'],
  ['ERROR 1040 (08004): Too many connections', 'busy'],
  ['ERROR 1205 (HY000) at line 3: Lock wait timeout exceeded; try restarting transaction', 'busy'],
  ['mariadb-dump: Error 1412: Table definition has changed, please retry transaction when dumping', 'busy'],
  [
    "mariadb-dump: Couldn't execute 'SHOW FIELDS FROM `v`': View 'x.v' references invalid table(s) (1356)",
    null,
  ],
  ['ERROR 1064 (42000) at line 1: near \'Lost connection, "ERROR 2013"', null],
  [
    "INSERT INTO notes VALUES (1,'error 2006: Lost connection')\nERROR 1146 (42S02) at line 1: no table",
    null,
  ],
  ['', null],
])('%s', (output, trouble) => {
  expect(connectionTrouble(output)).toBe(trouble);
});
