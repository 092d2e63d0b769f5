import { afterEach, expect, test } from '@jest/globals';
import { backupElsewhere } from '../../../test/backup-elsewhere.ts';
import { stopRigs } from '../../../test/rig.ts';

afterEach(stopRigs);

test('a backup of another server is brought here, recorded, and gone where it was', async () => {
  const { here, there, home, away, owner, backupId, endOf, moves, directory } = await backupElsewhere();
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
  const { there, home, endOf, moves, directory, here } = await backupElsewhere({
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
