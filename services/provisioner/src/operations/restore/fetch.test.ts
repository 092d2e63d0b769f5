import { afterEach, expect, test } from '@jest/globals';
import { newId, streams, type BackupView, type ClientEvent } from '@alfa-cloud/contracts';
import type { CloudServer } from '@alfa-cloud/cloud-server';
import { backupIdOf } from '../steps/backup.ts';
import { fakeLaboratory, type FakeLaboratoryOptions } from '../../../test/fake-laboratory.ts';
import { commandOf, inNoTime, operationIdOf, startRig, stopRigs } from '../../../test/rig.ts';

afterEach(stopRigs);

/** A client on each of two servers, and a backup of the first one's. */
const world = async (options: FakeLaboratoryOptions = {}) => {
  const clouds = new Map<string, CloudServer>();
  const [here, there] = [fakeLaboratory(), fakeLaboratory(options)];
  const views: BackupView[] = [];
  const rig = await startRig({
    cloud: here,
    cloudOf: (serverId) => clouds.get(serverId) ?? here,
    creation: inNoTime,
    readModels: {
      ListBackups: async ({ backupId }) => {
        const items = views.filter(({ id }) => id === backupId);
        return { result: { items, total: items.length } };
      },
    },
  });
  const register = async (cloud: CloudServer, name: string, domain: string) => {
    const registration = rig.registration({ name, domain });
    clouds.set(registration.data.serverId, cloud);
    await rig.succeed(registration);
    return registration.data.serverId;
  };
  const home = await register(here, 'Home', 'home.test');
  there.engine.info.engineId = 'ANOTHER';
  const away = await register(there, 'Away', 'away.test');
  const create = async (serverId: string, slug: string) => {
    const creation = await rig.creation(serverId, { clientId: newId(), slug });
    await rig.succeed(creation);
    return creation.data.clientId;
  };
  const [owner, other] = [await create(home, 'first'), await create(away, 'second')];
  here.database.content.set('alfa_first', 'data');
  here.storage.set('alfa-first-storage', 'files');
  const backUp = commandOf('BackUpClient', { clientId: owner, kind: 'manual' });
  await rig.succeed(backUp);
  const backupId = backupIdOf(operationIdOf(backUp));
  views.push({ id: backupId, clientId: owner } as BackupView);
  const endOf = async () => {
    const restore = commandOf('RestoreClient', { clientId: other, backupId, confirm: true });
    await rig.send(restore);
    return (await rig.eventsOf(operationIdOf(restore))).at(-1);
  };
  const moves = async () =>
    (await rig.store.read<ClientEvent>(streams.client(owner))).events.flatMap(({ type, data }) =>
      type === 'ClientBackupMoved' ? [data] : [],
    );
  const directory = `backups/${owner}/${backupId}`;
  return { rig, here, there, home, away, owner, other, backupId, endOf, moves, directory };
};

test('a backup of another server is brought here, recorded, and gone where it was', async () => {
  const { here, there, home, away, owner, backupId, endOf, moves, directory } = await world();
  expect(await endOf()).toMatchObject({ type: 'OperationSucceeded' });
  expect(there.database.content.get('alfa_second')).toBe('data');
  expect(there.storage.get('alfa-second-storage')).toBe('files');
  expect(await moves()).toMatchObject([{ clientId: owner, backupId, from: home, to: away, toName: 'Away' }]);
  expect(await here.files.list(directory)).toBeNull();
  expect(await there.files.list(directory)).toContain('manifest.json');
  // Once it is here nothing has to be brought.
  expect(await endOf()).toMatchObject({ type: 'OperationSucceeded' });
  expect(await moves()).toHaveLength(1);
});

test('one that comes damaged stays where it was, and nothing is left here', async () => {
  const { there, home, endOf, moves, directory, here } = await world({
    script: (name) =>
      name === 'alfa-backup-in'
        ? { exitCode: 92, stderr: 'File database.sql.gz is not what it was' }
        : undefined,
  });
  expect(await endOf()).toMatchObject({
    type: 'OperationFailed',
    data: { cause: { code: 'backup_damaged', step: 'fetch' }, leftovers: [] },
  });
  expect(await moves()).toEqual([]);
  expect(await there.files.list(directory)).toBeNull();
  expect(await here.files.list(directory)).toContain('manifest.json');
  expect(home).not.toBe('');
});
