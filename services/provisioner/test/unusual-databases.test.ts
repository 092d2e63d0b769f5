import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import {
  streams,
  type ClientEvent,
  type Command,
  type CommandData,
  type CommandName,
} from '@alfa-cloud/contracts';
import { buildImage, freePort } from '@alfa-cloud/testing';
import { kindsOfServers, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig, type Rig } from './rig.ts';

const largeRows = 'alfa/client:large-rows';
const folder = join(import.meta.dirname, 'images/large-rows');
const badMigration = join(
  import.meta.dirname,
  '../../../testing/images/variants/badmigration/app/database/migrations/2024_06_01_000000_add_results_index.php',
);

describe.each(kindsOfServers)('on a server of kind %s', (_kind, start) => {
  let server: RealServer;
  let cloud: CloudServer;
  let rig: Rig;
  let serverId: string;

  beforeAll(async () => {
    server = await start();
    ({ cloud } = server);
    await buildImage(server.engine.docker, { folder, tag: largeRows, inputs: 'unusual-databases' });
    rig = await startRig({ cloud });
    const registration = rig.registration({ proxy: { httpPort: await freePort() } });
    serverId = registration.data.serverId;
    await rig.succeed(registration);
  }, 300_000);

  afterAll(async () => {
    await server?.engine.docker.getImage(largeRows).remove({ force: true });
    await server?.dispose();
  });

  const create = async (slug: string, image = 'alfa/client:1'): Promise<string> => {
    const creation = await rig.creation(serverId, { slug, image });
    await rig.succeed(creation);
    return creation.data.clientId;
  };

  const sql = async (statements: string, database = ''): Promise<string> => {
    const argv = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf', '--default-character-set=utf8mb4'];
    const request = { argv: [...argv, '-NB', ...(database === '' ? [] : [database])], stdin: statements };
    const { stdout, stderr, exitCode } = await cloud.docker.exec('alfa-database', request);
    if (exitCode !== 0) throw new Error(stderr.slice(-2000));
    return stdout;
  };

  /** As on a server that was prepared by an older version, from the official image. */
  const asOfficial = () => sql('SET GLOBAL max_allowed_packet = 16777216');

  const endOf = async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
    await rig.send(command);
    return (await rig.eventsOf(operationIdOf(command))).at(-1);
  };

  const newestBackup = async (clientId: string) => {
    const { events } = await rig.store.read<ClientEvent>(streams.client(clientId));
    const made = events.findLast(({ type }) => type === 'ClientBackedUp');
    if (made?.type !== 'ClientBackedUp') throw new Error('There is no backup');
    return made.data;
  };

  const namesIn = (warnings: unknown): string[] =>
    (warnings as { kind: string; name: string }[]).map(({ kind, name }) => `${kind} ${name}`).sort();

  test('the database takes rows of any size from its start', async () => {
    expect(await sql('SELECT @@GLOBAL.max_allowed_packet')).toBe('1073741824\n');
  });

  test('rows of 1, 17 and 40 MB come through backup, restoration into another client and a failed migration', async () => {
    const large = await create('large', largeRows);
    const checksum = async (slug: string) =>
      (await sql(`CHECKSUM TABLE \`alfa_${slug}\`.scans`)).split('\t')[1];
    const before = await checksum('large');
    expect(await sql('SELECT LENGTH(scan) FROM scans', 'alfa_large')).toBe('1000000\n17000000\n40000000\n');

    await asOfficial();
    await rig.succeed(commandOf('BackUpClient', { clientId: large, kind: 'manual' }));
    const { backupId } = await newestBackup(large);
    const heir = await create('heir');
    await asOfficial();
    await rig.succeed(commandOf('RestoreClient', { clientId: heir, backupId, confirm: true }));
    expect(await checksum('heir')).toBe(before);

    await asOfficial();
    const name = '/app/database/migrations/2024_06_01_000000_add_results_index.php';
    const stdin = await readFile(badMigration, 'utf8');
    await cloud.docker.exec('alfa-large', { argv: ['sh', '-c', `cat > ${name}`], stdin });
    expect(await endOf(commandOf('MigrateClient', { clientId: large }))).toMatchObject({
      type: 'OperationFailed',
      data: { cause: { code: 'migration_failed', step: 'migrate' }, leftovers: [] },
    });
    expect(await checksum('large')).toBe(before);

    for (const [clientId, confirm] of [
      [large, 'large'],
      [heir, 'heir'],
    ] as const)
      await rig.succeed(commandOf('DeleteClient', { clientId, confirm, withoutBackup: true }));
  }, 300_000);

  test('a database without the table of migrations, or with a view of its name, comes through as well', async () => {
    const clientId = await create('plain');
    const countedIn = async () => {
      await rig.succeed(commandOf('BackUpClient', { clientId, kind: 'manual' }));
      const { backupId } = await newestBackup(clientId);
      const manifest = await cloud.files.read(`backups/${clientId}/${backupId}/manifest.json`);
      return { backupId, migrations: JSON.parse(manifest ?? '').migrations };
    };
    expect(await countedIn()).toMatchObject({ migrations: 3 });
    await sql('RENAME TABLE migrations TO done', 'alfa_plain');
    const { backupId, migrations } = await countedIn();
    expect(migrations).toBe(-1);
    await sql('CREATE VIEW migrations AS SELECT * FROM done; DELETE FROM done', 'alfa_plain');
    expect(await countedIn()).toMatchObject({ migrations: -1 });
    await rig.succeed(commandOf('RestoreClient', { clientId, backupId, confirm: true }));
    expect(await sql('SELECT COUNT(*) FROM done', 'alfa_plain')).toBe('3\n');
  });

  /** Everything of which `mariadb-dump` or a restoration takes offence, or that looks like what it is not. */
  const unusual = `
  CREATE USER gone@'%'; GRANT ALL ON \`alfa_odd\`.* TO gone@'%'; CREATE USER weak@'%';
  CREATE TABLE base (a INT); CREATE VIEW broken AS SELECT a FROM base; CREATE VIEW on_broken AS SELECT a FROM broken;
  DROP TABLE base;
  CREATE TABLE lean (a INT, b INT); CREATE VIEW no_column AS SELECT b FROM lean; ALTER TABLE lean DROP b;
  CREATE FUNCTION f() RETURNS INT RETURN 1; CREATE VIEW no_function AS SELECT f() AS x; DROP FUNCTION f;
  CREATE TABLE r (a INT); CREATE VIEW turned AS SELECT a FROM r; DROP TABLE r; RENAME TABLE turned TO r;
  CREATE TABLE notes (id INT PRIMARY KEY, note VARCHAR(40)); INSERT INTO notes VALUES (1, 'one\\ntwo'), (2, 'it''s');
  CREATE DEFINER=gone@'%' VIEW no_definer AS SELECT * FROM notes;
  CREATE VIEW on_no_definer AS SELECT * FROM no_definer;
  CREATE DEFINER=weak@'%' VIEW no_rights AS SELECT * FROM notes;
  CREATE VIEW \`a view, with "quotes"\` AS SELECT id FROM notes; CREATE VIEW a_first AS SELECT * FROM \`a view, with "quotes"\`;
  CREATE FUNCTION g() RETURNS INT RETURN 2; CREATE VIEW on_function AS SELECT g() AS x;
  CREATE DEFINER=gone@'%' TRIGGER noted BEFORE INSERT ON notes FOR EACH ROW SET NEW.note = 'noted';
  CREATE PROCEDURE unreadable() SELECT 1;
  CREATE SEQUENCE numbers; CREATE TABLE numbered (id INT DEFAULT NEXTVAL(numbers));
  CREATE TABLE ruled (a INT CHECK (a > 0)); SET check_constraint_checks = OFF; INSERT INTO ruled VALUES (-1);
  SET check_constraint_checks = ON;
  CREATE EVENT past ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 DAY DO SELECT 1;
  CREATE EVENT daily ON SCHEDULE EVERY 1 DAY DO DELETE FROM notes WHERE id = 99;
  DELIMITER //
  CREATE PROCEDURE makes_tables()
BEGIN
CREATE TABLE looks_like_a_dump (a INT);
INSERT INTO looks_like_a_dump VALUES (1);
END//
  SET sql_mode = ORACLE//
  CREATE DEFINER="gone"@"%" PACKAGE tools AS FUNCTION one RETURN INT; END//
  CREATE DEFINER="gone"@"%" PACKAGE BODY tools AS FUNCTION one RETURN INT AS BEGIN RETURN 1; END; END//
  SET sql_mode = ''//
  DELIMITER ;
  UPDATE mysql.proc SET body = 'selec 1' WHERE db = 'alfa_odd' AND name = 'unreadable';
  DROP USER gone@'%';
`;
  const withoutCure = [
    'procedure unreadable',
    'view broken',
    'view no_column',
    'view no_function',
    'view on_broken',
    'view r',
  ];
  const cured = ['view no_definer', 'view no_rights', 'view on_no_definer'];

  test('what does not work in a database is named and kept as text, and all that can stand comes back', async () => {
    const odd = await create('odd');
    await sql(unusual, 'alfa_odd');
    await rig.succeed(commandOf('MigrateClient', { clientId: odd }));
    await rig.succeed(commandOf('BackUpClient', { clientId: odd, kind: 'manual' }));
    const { backupId, warnings = [], database } = await newestBackup(odd);
    expect(namesIn(warnings)).toEqual([...withoutCure, ...cured].sort());
    expect(warnings).toContainEqual({
      kind: 'view',
      name: 'broken',
      reason: "Table 'alfa_odd.base' doesn't exist",
    });
    const file = join(server.root, 'backups', odd, backupId, 'database.sql.gz');
    const dump = await server.run('gunzip', '-c', file);
    for (const text of [
      /-- view \| CREATE .* VIEW `broken` AS select/,
      /-- procedure \| .*unreadable.*selec 1/,
    ])
      expect(dump).toMatch(text);
    const tables = await sql(
      "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'alfa_odd' AND TABLE_TYPE = 'BASE TABLE'",
    );
    expect(database.tables).toBe(Number(tables));

    const heir = await create('heir');
    await sql("UPDATE mysql.event SET execute_at = execute_at - INTERVAL 2 DAY WHERE name = 'past'");
    const result = await rig.succeed(commandOf('RestoreClient', { clientId: heir, backupId, confirm: true }));
    expect(namesIn(result?.['warnings'])).toEqual(withoutCure);
    expect(await sql('SELECT * FROM no_definer', 'alfa_heir')).toBe("1\tone\\ntwo\n2\tit's\n");
    expect(
      await sql('SELECT * FROM on_no_definer, no_rights WHERE 0; SELECT * FROM a_first', 'alfa_heir'),
    ).toBe('1\n2\n');
    expect(
      await sql('SELECT x FROM on_function; SELECT a FROM ruled; CALL makes_tables()', 'alfa_heir'),
    ).toBe('2\n-1\n');
    // Nobody else may define what works on its data.
    const definers = await sql(
      "SELECT DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA = 'alfa_heir'" +
        " UNION SELECT definer FROM mysql.proc WHERE db = 'alfa_heir'" +
        " UNION SELECT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'alfa_heir'" +
        " UNION SELECT definer FROM mysql.event WHERE db = 'alfa_heir'",
    );
    expect(definers).toBe('alfa_heir@%\n');
    for (const [clientId, confirm] of [
      [odd, 'odd'],
      [heir, 'heir'],
    ] as const)
      await rig.succeed(commandOf('DeleteClient', { clientId, confirm }));
  }, 300_000);

  test('a database that can not be dumped: every operation names the way out, and goes it', async () => {
    const clientId = await create('torn');
    await rig.succeed(commandOf('BackUpClient', { clientId, kind: 'manual' }));
    const { backupId } = await newestBackup(clientId);
    await sql('SET FOREIGN_KEY_CHECKS = 0; ALTER TABLE patients DISCARD TABLESPACE', 'alfa_torn');
    const restoration = { clientId, backupId, confirm: true };
    for (const command of [
      commandOf('RestoreClient', restoration),
      commandOf('MigrateClient', { clientId }),
      commandOf('DeleteClient', { clientId, confirm: 'torn' }),
    ]) {
      const end = await endOf<'RestoreClient' | 'MigrateClient' | 'DeleteClient'>(command);
      expect(end).toMatchObject({
        data: { cause: { code: 'backup_failed', step: 'backup' }, leftovers: [] },
      });
      expect(JSON.stringify(end?.data)).toContain('withoutBackup=true');
    }
    await rig.succeed(commandOf('MigrateClient', { clientId, withoutBackup: true }));
    const result = await rig.succeed(commandOf('RestoreClient', { ...restoration, withoutBackup: true }));
    expect(result).toMatchObject({ backupId, lost: expect.stringContaining('gone for good') });
    expect(await sql('SELECT COUNT(*) FROM patients', 'alfa_torn')).toMatch(/^\d+\n$/);
    await rig.succeed(commandOf('DeleteClient', { clientId, confirm: 'torn' }));
  }, 300_000);
});
