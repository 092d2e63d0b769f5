import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { backupsOf, directoryOf, type BackupLocation } from './backup-location.ts';

/** Removes a backup's directory, and the client's when that was the last one. */
export const removeBackupFiles = async (
  cloud: CloudServer,
  location: BackupLocation,
  options: CallOptions,
): Promise<void> => {
  await cloud.files.removeDirectory(directoryOf(location), options);
  await removeEmptyBackups(cloud, location.clientId, options);
};

/** Removes the client's directory of backups when it is empty. No other operation may be making a backup of the client meanwhile. */
export const removeEmptyBackups = async (
  { files }: CloudServer,
  clientId: string,
  options: CallOptions,
): Promise<void> => {
  const backups = await files.list(backupsOf(clientId), options);
  if (backups?.length === 0) await files.removeDirectory(backupsOf(clientId), options);
};
