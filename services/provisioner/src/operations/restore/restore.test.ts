import { afterEach, describe, expect, test } from '@jest/globals';
import { CloudServerError } from '@alfa-cloud/cloud-server';
import { message, newId } from '@alfa-cloud/contracts';
import { holderOf } from '../../domain/reservations.ts';
import { world } from '../../../test/backups-world.ts';
import { commandOf, stopRigs } from '../../../test/rig.ts';
import { inventory } from '../../resources/inventory.ts';

afterEach(stopRigs);

describe('a backup', () => {
  test('is kept for the time of its kind', async () => {
    const { clientId, send, stateOf } = await world();
    await send(commandOf('BackUpClient', { clientId, kind: 'scheduled' }));
    await send(commandOf('MigrateClient', { clientId }));
    await send(commandOf('DeleteClient', { clientId, confirm: 'first' }));
    const kept = (await stateOf(clientId)).flatMap(({ type, data }) =>
      type === 'ClientBackedUp'
        ? [[data.kind, Math.round((Date.parse(data.keepUntil) - Date.now()) / 86_400_000)]]
        : [],
    );
    expect(kept).toEqual([
      ['scheduled', 14],
      ['migration', 7],
      ['final', 30],
    ]);
  });

  test("needs no other image than the server's database has", async () => {
    const { cloud, backUp } = await world();
    const image = cloud.engine.images.get('alfa/mariadb:10.11');
    if (image === undefined) throw new Error('The image is not there');
    const container = cloud.engine.containers.get('alfa-database');
    if (container === undefined) throw new Error('The database is not there');
    // As after a change of the configuration: the server's own image is no longer the one that is named there.
    cloud.engine.images.delete('alfa/mariadb:10.11');
    cloud.engine.images.set('alfa/mariadb:10.5', image);
    cloud.engine.containers.set('alfa-database', {
      ...container,
      spec: { ...container.spec, image: 'alfa/mariadb:10.5' },
    });
    await backUp();
  });

  test.each(['alfa-dump', 'alfa-pack'])('that finds no room in %s leaves nothing behind', async (script) => {
    const { cloud, clientId, send } = await world({
      script: (name) =>
        name === script
          ? { exitCode: 1, stderr: 'tee: database.sql.gz.partial: No space left on device' }
          : undefined,
    });
    expect(await send(commandOf('BackUpClient', { clientId, kind: 'manual' }))).toBe('disk_full');
    expect(await cloud.files.list(`backups/${clientId}`)).toBeNull();
    expect(cloud.engine.containers.has('alfa-first.storage')).toBe(false);
  });
});

describe('a migration that can not be taken back', () => {
  test('leaves the client closed, and says so in its record', async () => {
    const { cloud, clientId, send, stateOf, page } = await world({
      command: (words) => (words.includes('migrate') && armed ? { exitCode: 1 } : undefined),
      script: (name) => (name === 'alfa-load' ? { exitCode: 92, stderr: 'damaged' } : undefined),
    });
    armed = true;
    expect(await send(commandOf('MigrateClient', { clientId }))).toBe('migration_failed');
    armed = false;
    expect((await stateOf(clientId)).map(({ type }) => type).slice(-3)).toEqual([
      'ClientBackedUp',
      'ClientMaintenanceEnabled',
      'ClientOperationEnded',
    ]);
    expect([page(), cloud.database.settings.get('alfa_first')?.maintenance]).toEqual([503, false]);
  });
  test('is recorded as closed also when its server has gone away meanwhile', async () => {
    const { cloud, clientId, send, stateOf } = await world({
      command: (words) => (words.includes('migrate') && armed ? { exitCode: 1 } : undefined),
      script(name) {
        if (name !== 'alfa-load') return undefined;
        cloud.files.read = async () => {
          throw new CloudServerError('final', 'file_failed', message`away`);
        };
        return { exitCode: 92, stderr: 'damaged' };
      },
    });
    armed = true;
    expect(await send(commandOf('MigrateClient', { clientId }))).toBe('migration_failed');
    armed = false;
    expect((await stateOf(clientId)).map(({ type }) => type)).toContain('ClientMaintenanceEnabled');
  });
  let armed = false;
});

describe('a restoration', () => {
  test('is refused without a confirmation, and of a backup that is none', async () => {
    const { cloud, clientId, send, backUp } = await world();
    const backupId = await backUp();
    expect(await send(commandOf('RestoreClient', { clientId, backupId }))).toEqual(['confirmation_required']);
    // Files alone prove nothing.
    const forged = newId();
    const manifest = JSON.stringify({ backupId: forged, clientId });
    await cloud.files.createDirectory(`backups/${clientId}/${forged}`, { mode: 0o700 });
    await cloud.files.writeAtomic(`backups/${clientId}/${forged}/manifest.json`, manifest, { mode: 0o600 });
    expect(await send(commandOf('RestoreClient', { clientId, backupId: forged, confirm: true }))).toEqual([
      'backup_unknown',
    ]);
  });

  test('fills a client whose database is gone', async () => {
    const { cloud, clientId, send, backUp } = await world();
    const backupId = await backUp();
    cloud.database.databases.delete('alfa_first');
    expect(await send(commandOf('RestoreClient', { clientId, backupId, confirm: true }))).toBe('ok');
    expect(cloud.database.content.get('alfa_first')).toBe('data');
  });

  test('that fails where no database was leaves none half filled, and the container as it was', async () => {
    let filled = '';
    const { cloud, clientId, send, backUp } = await world({
      script(name) {
        if (name !== 'alfa-load') return undefined;
        cloud.database.databases.set('alfa_first', filled);
        return { exitCode: 93, stderr: 'differs' };
      },
    });
    const backupId = await backUp();
    filled = cloud.database.databases.get('alfa_first') ?? '';
    cloud.database.databases.delete('alfa_first');
    expect(await send(commandOf('RestoreClient', { clientId, backupId, confirm: true }))).toBe(
      'backup_differs',
    );
    expect(cloud.database.databases.has('alfa_first')).toBe(false);
    expect(cloud.engine.containers.get('alfa-first')?.status).toBe('running');
  });

  test('of a client without a container fails, and leaves it as it was and open', async () => {
    const { cloud, clientId, send, backUp, page, stateOf } = await world();
    const backupId = await backUp();
    cloud.engine.containers.delete('alfa-first');
    cloud.database.content.set('alfa_first', 'newer data');
    expect(await send(commandOf('RestoreClient', { clientId, backupId, confirm: true }))).not.toBe('ok');
    expect([cloud.database.content.get('alfa_first'), page()]).toEqual(['newer data', null]);
    expect((await stateOf(clientId)).map(({ type }) => type)).not.toContain('ClientMaintenanceEnabled');
  });

  test('keeps the page that the operator has put there', async () => {
    const { clientId, send, backUp, page } = await world();
    const backupId = await backUp();
    await send(commandOf('EnableMaintenance', { clientId }));
    expect(await send(commandOf('RestoreClient', { clientId, backupId, confirm: true }))).toBe('ok');
    expect(page()).toBe(503);
  });
});

describe('a deletion', () => {
  test('wants the slug, and frees it', async () => {
    const { rig, cloud, empty, clientId, send, create, stateOf } = await world();
    expect(await send(commandOf('DeleteClient', { clientId }))).toEqual(['confirmation_required']);
    expect(await send(commandOf('DeleteClient', { clientId, confirm: 'first' }))).toBe('ok');
    expect(await inventory(cloud)).toEqual(empty);
    expect(await holderOf(rig.store, { scope: 'slug', name: 'first' })).toBeNull();
    expect(await send(commandOf('RebootClient', { clientId }))).toEqual(['gone']);
    const next = await create();
    expect((await stateOf(next)).at(-1)?.type).toBe('ClientCreated');
  });

  test('that stopped half way is finished by the next one, with the first final backup', async () => {
    const { cloud, empty, clientId, send, stateOf } = await world();
    // A container of somebody's uses the volume.
    const own = cloud.engine.containers.get('alfa-first');
    if (own === undefined) throw new Error('The client has no container');
    const foreign = { ...own, spec: { ...own.spec, labels: {} }, networks: new Map() };
    cloud.engine.containers.set('foreign', foreign);
    expect(await send(commandOf('DeleteClient', { clientId, confirm: 'first' }))).toBe('docker_refused');
    expect(cloud.engine.containers.has('alfa-first')).toBe(false);
    cloud.engine.containers.delete('foreign');
    expect(await send(commandOf('DeleteClient', { clientId, confirm: 'first' }))).toBe('ok');
    expect(await inventory(cloud)).toEqual(empty);
    const backups = (await stateOf(clientId)).filter(({ type }) => type === 'ClientBackedUp');
    expect(backups).toHaveLength(1);
  });

  test('without a database needs to be told that no backup is wanted', async () => {
    const { cloud, empty, clientId, send, stateOf, page } = await world();
    cloud.database.databases.delete('alfa_first');
    expect(await send(commandOf('DeleteClient', { clientId, confirm: 'first' }))).toBe('database_missing');
    expect(page()).toBeNull();
    const command = commandOf('DeleteClient', { clientId, confirm: 'first', withoutBackup: true });
    expect(await send(command)).toBe('ok');
    expect(await inventory(cloud)).toEqual(empty);
    expect((await stateOf(clientId)).map(({ type }) => type)).not.toContain('ClientBackedUp');
  });

  test("leaves another client's things alone that bear the names of one whose creation failed", async () => {
    const { cloud, clientId, rig, send, create } = await world({
      command: (words) => (words.includes('migrate') && broken ? { exitCode: 1 } : undefined),
    });
    expect(await send(commandOf('DeleteClient', { clientId, confirm: 'first' }))).toBe('ok');
    broken = true;
    const failed = await create();
    broken = false;
    const next = await create();
    const before = await inventory(cloud);
    expect(await send(commandOf('DeleteClient', { clientId: failed, confirm: 'first' }))).toBe('ok');
    expect(await inventory(cloud)).toEqual(before);
    expect(await holderOf(rig.store, { scope: 'slug', name: 'first' })).toBe(next);
    expect(cloud.hosts.has('first.lab.test')).toBe(true);
  });
  let broken = false;
});
