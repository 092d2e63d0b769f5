import type { StepIo } from '@alfa-cloud/event-sourcing';
import { final } from '../../on-server/failures.ts';
import { isForClient } from '../../on-server/labels.ts';
import type { ClientOnServer } from '../client-on-server.ts';
import type { BackupPlace } from './backup-place.ts';
import { recordedBackup, storageRun, type BackupDeps, type RecordedBackup } from './backup-step.ts';
import { loadDatabase } from './dump.ts';
import { readManifest } from './manifest.ts';
import { unpackStorage } from './storage.ts';

/**
 * Makes the client's data what a backup has: database, and storage if the backup has one. Meanwhile the client's container is stopped, which also
 * ends whatever was still at work in it. Safe to repeat.
 */
export const putBack = async (
  deps: BackupDeps,
  client: ClientOnServer,
  place: BackupPlace,
  operationId: string,
  io: StepIo,
): Promise<RecordedBackup> => {
  const { cloud, names } = client;
  const { signal } = io;
  const backup = await recordedBackup(deps.store, place);
  if (backup === null) throw final('backup_missing', `There is no backup ${place.backupId} any more`);
  const manifest = await readManifest(cloud, place, { signal });
  if (manifest === null) throw final('backup_missing', `Backup ${place.backupId} has no readable manifest`);
  const { deadlineMs } = deps.backups;
  const container = await cloud.docker.container(names.container, { signal });
  if (container !== null && !isForClient(client.client.id, container.labels)) {
    throw final('name_occupied', `Container ${names.container} is not this client's; it is left alone`);
  }
  await cloud.docker.stopContainer(names.container, { signal });
  const dump = { facts: backup.database, migrations: manifest.migrations };
  await loadDatabase(client, place, dump, deadlineMs, io);
  if (backup.storage !== null) {
    await unpackStorage(client, place, backup.storage, storageRun(deps, operationId), io);
  }
  // Without one the data are back all the same.
  if (container !== null) await cloud.docker.startContainer(names.container, { signal });
  return backup;
};
