import type { BackupWarning } from '@alfa-cloud/contracts';
import type { StepIo } from '@alfa-cloud/operations';
import { final } from '../../on-server/failures.ts';
import { isForClient } from '../../on-server/labels.ts';
import type { ClientOnServer } from '../../on-server/client-on-server.ts';
import { directoryOf, type BackupPlace } from './backup-place.ts';
import { loadDatabase } from './dump.ts';
import { readManifest } from './manifest.ts';
import { recordedBackup, type BackupDeps, type RecordedBackup } from './recorded-backup.ts';
import { storageRun, unpackStorage } from './storage.ts';

/**
 * Makes the client's data what a backup has: database, and storage if the backup has one. Meanwhile the client's container is stopped, which also
 * ends whatever was still at work in it. Safe to repeat.
 * @returns the backup, and what of its database is not back or does not work
 */
export const putBack = async (
  deps: BackupDeps,
  client: ClientOnServer,
  place: BackupPlace,
  operationId: string,
  io: StepIo,
): Promise<{ backup: RecordedBackup; warnings: BackupWarning[] }> => {
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
  const load = { deadlineMs, begun: begunFile(operationId) };
  const warnings = await loadDatabase(client, place, dump, load, io);
  const ended = `${directoryOf(place)}/${endedFile(operationId)}`;
  await cloud.files.writeAtomic(ended, JSON.stringify(warnings), { signal, mode: 0o600 });
  if (backup.storage !== null) {
    await unpackStorage(client, place, backup.storage, storageRun(deps, operationId), io);
  }
  // Without one the data are back all the same.
  if (container !== null) await cloud.docker.startContainer(names.container, { signal });
  return { backup, warnings };
};

/**
 * Files beside those of a backup, for as long as it is kept. The first is made just before an operation takes the client's database away to put
 * the backup's in its place, the second when that is back.
 */
const begunFile = (operationId: string): string => `begun-${operationId}`;
const endedFile = (operationId: string): string => `ended-${operationId}.json`;

/** What became of the client's former database through {@link putBack}: `absent`: there was none. */
export const formerDatabase = async (
  { cloud }: ClientOnServer,
  place: BackupPlace,
  operationId: string,
  { signal }: Pick<StepIo, 'signal'>,
): Promise<'untouched' | 'gone' | 'absent'> => {
  const text = await cloud.files.read(`${directoryOf(place)}/${begunFile(operationId)}`, { signal });
  if (text === null) return 'untouched';
  return text.trim() === '0' ? 'absent' : 'gone';
};

/** What of a backup that was put back is not back or does not work. */
export const warningsOf = async (
  { cloud }: ClientOnServer,
  place: BackupPlace,
  operationId: string,
): Promise<BackupWarning[]> => {
  const text = await cloud.files.read(`${directoryOf(place)}/${endedFile(operationId)}`);
  return text === null ? [] : (JSON.parse(text) as BackupWarning[]);
};
