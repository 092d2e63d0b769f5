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
import { eventually, freePort } from '@alfa-cloud/testing';
import { inventory } from '../src/resources/inventory.ts';
import { kindsOfServers, type RealServer } from './real-server.ts';
import { commandOf, operationIdOf, startRig, type Rig } from './rig.ts';

/** Of the byte at 200. */
const changeOneBit =
  'open F, "+<", $ARGV[0]; seek F, 200, 0; read F, $b, 1; seek F, 200, 0; print F chr(ord($b) ^ 1)';

describe.each(kindsOfServers)('on a server of kind %s', (_kind, start) => {
  let server: RealServer;
  let cloud: CloudServer;
  let rig: Rig;
  let httpPort: number;
  let serverId: string;
  let clientId: string;

  const migrations = join(import.meta.dirname, '../../../testing/images/variants');
  const badMigration = 'badmigration/app/database/migrations/2024_06_01_000000_add_results_index.php';
  const goodMigration = 'next/app/database/migrations/2024_06_01_000000_add_phone_to_patients.php';

  beforeAll(async () => {
    // A test fills that disk up.
    server = await start({ smallBackups: true });
    ({ cloud } = server);
    rig = await startRig({ cloud });
    httpPort = await freePort();
    const registration = rig.registration({ proxy: { httpPort } });
    serverId = registration.data.serverId;
    await rig.succeed(registration);
    clientId = await create('kept');
  }, 300_000);

  afterAll(() => server?.dispose());

  const create = async (slug: string): Promise<string> => {
    const creation = await rig.creation(serverId, { slug, demo: true });
    await rig.succeed(creation);
    return creation.data.clientId;
  };

  const endOf = async <Name extends CommandName>(command: Command<CommandData<Name>, Name>) => {
    await rig.send(command);
    return (await rig.eventsOf(operationIdOf(command))).at(-1);
  };

  const look = (slug = 'kept') => cloud.get({ port: httpPort, host: `${slug}.lab.test`, path: '/' });

  const pageFacts = async (slug = 'kept') => {
    const { status, body } = await look(slug);
    const fact = (name: string) => new RegExp(`data-fact="${name}">([^<]*)<`).exec(body)?.[1];
    return {
      status,
      ...Object.fromEntries(['users', 'patients', 'orders', 'installation'].map((n) => [n, fact(n)])),
    };
  };

  const sql = async (statement: string): Promise<string> => {
    const argv = ['mariadb', '--defaults-extra-file=/run/alfa/client.cnf', '-NB', '-e', statement];
    const { stdout, stderr, exitCode } = await cloud.docker.exec('alfa-database', { argv });
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  };

  /** Structure and data of a database, as the database itself tells them. */
  const contentOf = async (database: string): Promise<string> => {
    const options = '--skip-dump-date --skip-comments --order-by-primary --routines --triggers';
    const argv = [
      'bash',
      '-c',
      `mariadb-dump --defaults-extra-file=/run/alfa/client.cnf ${options} --ignore-table=${database}.cloud_settings ${database}`,
    ];
    const { stdout, stderr, exitCode } = await cloud.docker.exec('alfa-database', {
      argv,
      outputMax: 10_000_000,
    });
    if (exitCode !== 0) throw new Error(stderr);
    return stdout.replaceAll(/ AUTO_INCREMENT=\d+/g, '');
  };

  const inClient = async (script: string, stdin?: string, container = 'alfa-kept') => {
    const argv = ['sh', '-c', script];
    const result = await cloud.docker.exec(container, { argv, ...(stdin === undefined ? {} : { stdin }) });
    expect(result).toMatchObject({ exitCode: 0 });
    return result.stdout;
  };

  const addMigration = async (file: string, container = 'alfa-kept') => {
    const text = await readFile(join(migrations, file), 'utf8');
    await inClient(`cat > /app/database/migrations/${file.split('/').at(-1)}`, text, container);
  };
  const dropMigration = (file: string) => inClient(`rm /app/database/migrations/${file.split('/').at(-1)}`);

  const events = async (id = clientId) => (await rig.store.read<ClientEvent>(streams.client(id))).events;
  const backups = async (id = clientId) =>
    (await events(id)).flatMap(({ type, data }) => (type === 'ClientBackedUp' ? [data] : []));

  const newest = async (id = clientId) => {
    const found = (await backups(id)).at(-1);
    if (found === undefined) throw new Error('There is no backup');
    return { ...found, directory: join(server.root, 'backups', id, found.backupId) };
  };

  const filesOf = async (id: string, backupId: string) =>
    ((await cloud.files.list(`backups/${id}/${backupId}`)) ?? []).sort();

  test('a backup holds database and storage, with what was recorded of it', async () => {
    const { backupId } = (await rig.succeed(commandOf('BackUpClient', { clientId, kind: 'manual' }))) ?? {};
    const { directory, ...backup } = await newest();
    expect(backup).toMatchObject({ backupId, kind: 'manual', image: 'alfa/client:1', serverId });
    expect(await filesOf(clientId, backup.backupId)).toEqual([
      'database.sql.gz',
      'manifest.json',
      'storage.tar.gz',
    ]);
    const tables = await sql(
      "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'alfa_kept'",
    );
    expect(backup.database.tables).toBe(Number(tables));
    for (const [file, facts] of [
      ['database.sql.gz', backup.database],
      ['storage.tar.gz', backup.storage],
    ] as const) {
      const sum = (await server.run('sha256sum', join(directory, file))).split(' ')[0];
      const [bytes, mode] = (await server.run('stat', '-c', '%s %a', join(directory, file)))
        .trim()
        .split(' ');
      expect([file, facts?.sha256, facts?.bytes]).toEqual([file, sum, Number(bytes)]);
      expect(mode).toMatch(/00$/);
    }
    expect(await server.run('tar', '-tzf', join(directory, 'storage.tar.gz'))).toContain('installation-id');
    expect(await server.run('cat', join(directory, 'manifest.json'))).not.toMatch(
      /password|owner@|Лаборатория/i,
    );
  });

  test('a restoration brings back deleted rows, a deleted file and a dropped table, and keeps what was there before', async () => {
    await rig.succeed(commandOf('BackUpClient', { clientId, kind: 'manual' }));
    const { backupId } = await newest();
    const before = { page: await pageFacts(), content: await contentOf('alfa_kept') };
    expect(Number(before.page['patients' as never])).toBeGreaterThan(0);

    await sql('SET FOREIGN_KEY_CHECKS = 0; USE alfa_kept; DELETE FROM patients; DROP TABLE orders');
    await inClient('rm storage/app/installation-id && echo new > storage/app/later');
    await rig.succeed(commandOf('RestoreClient', { clientId, backupId, confirm: true }));
    expect(await contentOf('alfa_kept')).toBe(before.content);
    expect(await pageFacts()).toEqual(before.page);
    expect(await inClient('ls storage/app')).not.toContain('later');
    const safety = await newest();
    expect([safety.kind, safety.database.tables]).toEqual(['restore', Number(await tableCount()) - 1]);
    expect((await inventory(cloud)).containers).toEqual(['alfa-database', 'alfa-kept', 'alfa-proxy']);
  });

  const tableCount = () =>
    sql("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'alfa_kept'");

  test.each(['truncated', 'corrupted', 'missing'])(
    'a %s backup is found out before anything is touched',
    async (damage) => {
      await rig.succeed(commandOf('BackUpClient', { clientId, kind: 'manual' }));
      const { backupId, directory, database } = await newest();
      const file = join(directory, 'database.sql.gz');
      if (damage === 'truncated') await server.run('truncate', '-s', String(database.bytes - 40), file);
      if (damage === 'missing') await server.run('rm', file);
      if (damage === 'corrupted') await server.run('perl', '-e', changeOneBit, file);
      const before = await contentOf('alfa_kept');
      const command = commandOf('RestoreClient', { clientId, backupId, confirm: true });
      expect(await endOf(command)).toMatchObject({
        type: 'OperationFailed',
        data: {
          cause: { code: damage === 'missing' ? 'backup_missing' : 'backup_damaged', step: 'restore' },
          leftovers: [],
        },
      });
      expect(await contentOf('alfa_kept')).toBe(before);
      expect((await look()).status).toBe(200);
    },
  );

  test('a disk without room: an error in words, no partial file, and the client goes on', async () => {
    const before = await cloud.files.list(`backups/${clientId}`);
    const filler = join(server.root, 'backups', 'filler');
    await server.run('sh', '-c', `dd if=/dev/zero of=${filler} bs=4k 2>/dev/null || true`);
    try {
      for (const command of [
        commandOf('BackUpClient', { clientId, kind: 'manual' }),
        commandOf('MigrateClient', { clientId }),
      ] as const) {
        expect(await endOf<'BackUpClient' | 'MigrateClient'>(command)).toMatchObject({
          type: 'OperationFailed',
          data: { cause: { code: 'disk_full', step: 'backup' }, leftovers: [] },
        });
        expect(await cloud.files.list(`backups/${clientId}`)).toEqual(before);
        expect((await look()).status).toBe(200);
      }
    } finally {
      await server.run('rm', filler);
    }
  });

  test('a migration that fails leaves data, tables and page as they were', async () => {
    const before = { page: await pageFacts(), content: await contentOf('alfa_kept') };
    await addMigration(badMigration);
    const command = commandOf('MigrateClient', { clientId });
    expect(await endOf(command)).toMatchObject({
      type: 'OperationFailed',
      data: { cause: { code: 'migration_failed', step: 'migrate' }, leftovers: [] },
    });
    await dropMigration(badMigration);
    expect(await contentOf('alfa_kept')).toBe(before.content);
    expect(await pageFacts()).toEqual(before.page);
  });

  test('a migration brings the database to its new shape', async () => {
    await addMigration(goodMigration);
    const rows = Number(await sql('SELECT COUNT(*) FROM alfa_kept.migrations'));
    await rig.succeed(commandOf('MigrateClient', { clientId }));
    expect(Number(await sql('SELECT COUNT(*) FROM alfa_kept.migrations'))).toBe(rows + 1);
    expect((await newest()).kind).toBe('migration');
    expect((await newest()).storage).toBeNull();
    expect((await look()).status).toBe(200);
  });

  test('a migration waits for a database that is stopped, and goes on', async () => {
    await cloud.docker.stopContainer('alfa-database');
    const command = commandOf('MigrateClient', { clientId });
    const sent = rig.succeed(command);
    await eventually('an attempt has failed', async () =>
      (await rig.eventsOf(operationIdOf(command))).some(
        ({ type, data }) => type === 'OperationStepFailed' && data.code === 'database_unreachable',
      ),
    );
    await cloud.docker.startContainer('alfa-database');
    await sent;
    expect((await look()).status).toBe(200);
  });

  test('a deletion leaves the final backup and nothing else, and a new client can be filled from it', async () => {
    const doomed = await create('doomed');
    const before = { page: await pageFacts('doomed'), content: await contentOf('alfa_doomed') };
    await sql(
      'USE alfa_doomed; CREATE DEFINER=alfa_doomed@`%` SQL SECURITY DEFINER VIEW ids AS SELECT id FROM patients;' +
        ' CREATE DEFINER=alfa_doomed@`%` TRIGGER noted BEFORE INSERT ON patients FOR EACH ROW SET NEW.id = NEW.id',
    );
    const unsure = await rig.send(commandOf('DeleteClient', { clientId: doomed, confirm: 'kept' }));
    expect(unsure.reply).toMatchObject({ outcome: 'rejected', faults: [{ code: 'confirmation_required' }] });

    await rig.succeed(commandOf('DeleteClient', { clientId: doomed, confirm: 'doomed' }));
    expect(JSON.stringify(await inventory(cloud))).not.toContain('doomed');
    expect(await cloud.files.list('clients')).toEqual(['kept']);
    // For a moment after a reload an old worker of the proxy may answer.
    await eventually('its page is gone', async () => (await look('doomed')).status === 404);
    const final = await newest(doomed);
    expect([final.kind, await filesOf(doomed, final.backupId)]).toEqual([
      'final',
      ['database.sql.gz', 'manifest.json', 'storage.tar.gz'],
    ]);
    const sealed = (await events(doomed)).flatMap(({ type, data }) =>
      type === 'ClientCreationRequested' ? [data.personal, data.secrets] : [],
    );
    for (const text of sealed)
      await expect(rig.vault.open(text)).rejects.toMatchObject({ name: 'KeyDestroyed' });

    const heir = await create('heir');
    await rig.succeed(
      commandOf('RestoreClient', { clientId: heir, backupId: final.backupId, confirm: true }),
    );
    expect(await pageFacts('heir')).toEqual(before.page);
    // Nobody else may define what works on its data.
    expect(
      await sql(
        "SELECT DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA = 'alfa_heir'" +
          " UNION ALL SELECT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'alfa_heir'",
      ),
    ).toBe('alfa_heir@%\nalfa_heir@%\n');
    expect(Number(await sql('SELECT COUNT(*) FROM alfa_heir.ids'))).toBeGreaterThan(0);
    await sql('USE alfa_heir; DROP VIEW ids; DROP TRIGGER noted');
    expect(await contentOf('alfa_heir')).toBe(before.content);
  });
});
