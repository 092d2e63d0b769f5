import { afterEach, describe, expect, test } from '@jest/globals';
import { world } from '../../../test/backups-world.ts';
import type { FakeLaboratoryOptions } from '../../../test/fake-laboratory.ts';
import { commandOf, operationIdOf, stopRigs } from '../../../test/rig.ts';

afterEach(stopRigs);

describe('without a backup of the present state', () => {
  const damaged = {
    exitCode: 2,
    stderr: "mariadb-dump: Couldn't execute 'show create table `t`': Table does not exist in engine (1932)",
  };
  /** A client whose database can not be dumped any more; `more`: what else goes wrong from then on. */
  const broken = async (more: FakeLaboratoryOptions = {}) => {
    let isBroken = false;
    const all = await world({
      command: (words) => (isBroken ? more.command?.(words) : undefined),
      script(name) {
        if (!isBroken) return undefined;
        return name === 'alfa-dump' ? damaged : more.script?.(name);
      },
    });
    const backupId = await all.backUp();
    isBroken = true;
    all.cloud.database.content.set('alfa_first', 'damaged data');
    const reasonOf = async (command: { id: string }) => {
      const end = (await all.rig.eventsOf(operationIdOf(command))).at(-1);
      return end?.type === 'OperationFailed' ? end.data : null;
    };
    const resultOf = async (command: { id: string }) => {
      const end = (await all.rig.eventsOf(operationIdOf(command))).at(-1);
      return end?.type === 'OperationSucceeded' ? end.data.result : null;
    };
    return { ...all, backupId, reasonOf, resultOf };
  };

  test('restoration, migration and deletion of what can not be backed up name the way out, and go it', async () => {
    const { cloud, clientId, send, stateOf, backupId, reasonOf, resultOf } = await broken();
    const wishes = [
      commandOf('RestoreClient', { clientId, backupId, confirm: true }),
      commandOf('MigrateClient', { clientId }),
      commandOf('DeleteClient', { clientId, confirm: 'first' }),
    ] as const;
    for (const command of wishes) {
      expect(await send<(typeof command)['name']>(command)).toBe('backup_failed');
      expect((await reasonOf(command))?.cause.reason).toContain('withoutBackup=true');
    }
    const backup = commandOf('BackUpClient', { clientId, kind: 'manual' });
    expect(await send(backup)).toBe('backup_failed');
    expect((await reasonOf(backup))?.cause.reason).not.toContain('withoutBackup');

    const restore = commandOf('RestoreClient', { clientId, backupId, confirm: true, withoutBackup: true });
    expect(await send(restore)).toBe('ok');
    expect(cloud.database.content.get('alfa_first')).toBe('data');
    expect(await resultOf(restore)).toMatchObject({
      backupId,
      lost: expect.stringContaining('gone for good'),
    });
    const migrate = commandOf('MigrateClient', { clientId, withoutBackup: true });
    expect(await send(migrate)).toBe('ok');
    expect(await resultOf(migrate)).toEqual({ clientId, lost: expect.stringContaining('gone for good') });
    const remove = commandOf('DeleteClient', { clientId, confirm: 'first', withoutBackup: true });
    expect(await send(remove)).toBe('ok');
    expect(await resultOf(remove)).toEqual({ clientId, lost: expect.stringContaining('gone for good') });
    expect((await stateOf(clientId)).filter(({ type }) => type === 'ClientBackedUp')).toHaveLength(1);
  });

  test('a migration that fails leaves the client closed, and says what can not be put back', async () => {
    const { clientId, send, stateOf, page, reasonOf } = await broken({
      command: (words) => (words.includes('migrate') ? { exitCode: 1 } : undefined),
    });
    const command = commandOf('MigrateClient', { clientId, withoutBackup: true });
    expect(await send(command)).toBe('migration_failed');
    expect(await reasonOf(command)).toMatchObject({ leftovers: [expect.stringContaining('migrate')] });
    expect((await stateOf(clientId)).map(({ type }) => type)).toContain('ClientMaintenanceEnabled');
    expect(page()).toBe(503);
  });

  test.each([
    ['before the database was touched', false],
    ['when the old database is gone', true],
  ])('a restoration that fails %s', async (_name, isGone) => {
    const { cloud, clientId, backupId, send, stateOf, page, reasonOf } = await broken({
      script(name) {
        if (name !== 'alfa-load') return undefined;
        const begun = `backups/${clientId}/${backupId}/begun-${operationIdOf(command)}`;
        if (!isGone) return { exitCode: 92, stderr: 'damaged' };
        cloud.disk.files.set(begun, { content: '1\n', mode: 0o600 });
        cloud.database.content.set('alfa_first', 'half');
        return { exitCode: 93, stderr: 'differs' };
      },
    });
    const command = commandOf('RestoreClient', { clientId, backupId, confirm: true, withoutBackup: true });
    expect(await send(command)).toBe(isGone ? 'backup_differs' : 'backup_damaged');
    const leftovers = isGone ? [expect.stringContaining('restore')] : [];
    expect(await reasonOf(command)).toMatchObject({ leftovers });
    expect(cloud.database.content.get('alfa_first')).toBe(isGone ? 'half' : 'damaged data');
    expect(page()).toBe(isGone ? 503 : null);
    const types = (await stateOf(clientId)).map(({ type }) => type);
    expect(types.includes('ClientMaintenanceEnabled')).toBe(isGone);
    if (!isGone) expect(cloud.engine.containers.get('alfa-first')?.status).toBe('running');
  });
});

describe('what does not work in a database', () => {
  const warning = "warning\tview\tbroken\tTable 'alfa_first.base' doesn't exist\n";
  const facts = `bytes=4 sha256=${'0'.repeat(64)} tables=3 migrations=3\n`;

  test('is named by its backup and does not keep the client from being migrated', async () => {
    const { clientId, send, stateOf, rig } = await world({
      script: (name) => (name === 'alfa-dump' ? { stdout: `${warning}${facts}` } : undefined),
    });
    const command = commandOf('MigrateClient', { clientId });
    expect(await send(command)).toBe('ok');
    const named = { kind: 'view', name: 'broken', reason: "Table 'alfa_first.base' doesn't exist" };
    expect(await stateOf(clientId)).toContainEqual(
      expect.objectContaining({
        type: 'ClientBackedUp',
        data: expect.objectContaining({ warnings: [named] }),
      }),
    );
    expect(await rig.story(operationIdOf(command))).toContain("view broken: Table 'alfa_first.base'");
  });

  test('and could not be put back is named by the restoration', async () => {
    const { clientId, send, stateOf, rig, backUp } = await world({
      script: (name) => (name === 'alfa-load' ? { stdout: `${warning}tables=3\n` } : undefined),
    });
    const backupId = await backUp();
    const command = commandOf('RestoreClient', { clientId, backupId, confirm: true });
    expect(await send(command)).toBe('ok');
    const warnings = [expect.objectContaining({ kind: 'view', name: 'broken' })];
    expect((await rig.eventsOf(operationIdOf(command))).at(-1)?.data).toMatchObject({ result: { warnings } });
    expect(await stateOf(clientId)).toContainEqual(
      expect.objectContaining({ type: 'ClientRestored', data: expect.objectContaining({ warnings }) }),
    );
  });
});
