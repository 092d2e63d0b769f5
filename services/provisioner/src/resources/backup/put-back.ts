import { type BackupWarning, message } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import { isForClient } from '@alfa-cloud/servers';
import { final } from '../../on-server/failures.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { directoryOf, type BackupLocation } from './backup-location.ts';
import { loadDatabase } from './dump.ts';
import { readManifest } from './manifest.ts';
import { recordedBackup, type BackupDeps, type RecordedBackup } from './recorded-backup.ts';
import { storageRun, unpackStorage } from './storage.ts';

/**
 * Restores the client's database from a backup, and the storage if the backup has one. The client's container is stopped meanwhile, which
 * also ends every command in it. Safe to repeat.
 * @returns the backup, and the objects of its database that could not be restored or do not work
 */
export const putBack = async (
  deps: BackupDeps,
  client: ClientOnServer,
  location: BackupLocation,
  operationId: string,
  io: StepIo,
): Promise<{ backup: RecordedBackup; warnings: BackupWarning[] }> => {
  const { cloud, names } = client;
  const { signal } = io;
  const backup = await recordedBackup(deps.store, location);
  if (backup === null)
    throw final('backup_missing', message`There is no backup ${location.backupId} any more`);
  const manifest = await readManifest(cloud, location, { signal });
  if (manifest === null)
    throw final('backup_missing', message`Backup ${location.backupId} has no readable manifest`);
  const { deadlineMs } = deps.backups;
  const container = await cloud.docker.container(names.container, { signal });
  if (container !== null && !isForClient(client.client.id, container.labels)) {
    throw final(
      'name_occupied',
      message`Container ${names.container} is not this client's; it is left alone`,
    );
  }
  await cloud.docker.stopContainer(names.container, { signal });
  const dump = { facts: backup.database, migrations: manifest.migrations };
  const load = { deadlineMs, begun: begunFile(operationId) };
  const warnings = await loadDatabase(client, location, dump, load, io);
  const ended = `${directoryOf(location)}/${endedFile(operationId)}`;
  await cloud.files.writeAtomic(ended, JSON.stringify(warnings), { signal, mode: 0o600 });
  if (backup.storage !== null) {
    await unpackStorage(client, location, backup.storage, storageRun(deps, operationId), io);
  }
  // Without a container the data are restored all the same.
  if (container !== null) await cloud.docker.startContainer(names.container, { signal });
  return { backup, warnings };
};

/**
 * Files of an operation in the backup's directory, kept as long as the backup. The first is written just before the operation removes the
 * client's database, the second when the backup's database stands in its place.
 */
const begunFile = (operationId: string): string => `begun-${operationId}`;
const endedFile = (operationId: string): string => `ended-${operationId}.json`;

/** What {@link putBack} has done with the client's former database; `absent`: there was none. */
export const formerDatabase = async (
  { cloud }: ClientOnServer,
  location: BackupLocation,
  operationId: string,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<'untouched' | 'gone' | 'absent'> => {
  const text = await cloud.files.read(`${directoryOf(location)}/${begunFile(operationId)}`, { signal });
  if (text === null) return 'untouched';
  return text.trim() === '0' ? 'absent' : 'gone';
};

/** Objects of a restored backup that could not be restored or do not work. */
export const warningsOf = async (
  { cloud }: ClientOnServer,
  location: BackupLocation,
  operationId: string,
): Promise<BackupWarning[]> => {
  const text = await cloud.files.read(`${directoryOf(location)}/${endedFile(operationId)}`);
  return text === null ? [] : (JSON.parse(text) as BackupWarning[]);
};
