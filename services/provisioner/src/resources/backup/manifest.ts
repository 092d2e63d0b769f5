import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { serverPaths } from '../../on-server/names.ts';
import { manifestOf, type BackupLocation } from './backup-location.ts';
import type { RecordedBackup } from './recorded-backup.ts';

/** Describes a backup, in a file beside it, for people and for a restoration. Holds no secret and no personal data. */
export interface Manifest extends Omit<RecordedBackup, 'clientId' | 'operationId'> {
  clientId: string;
  operationId: string;
  slug: string;
  /** Rows of the table `migrations`; -1 without that table. */
  migrations: number;
}

/** The file's text; null when there is none. */
export const manifestFile = (
  { files }: CloudServer,
  location: BackupLocation,
  options: CallOptions,
): Promise<string | null> => files.read(manifestOf(location), options);

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** Null when there is no readable one. */
export const readManifest = async (
  cloud: CloudServer,
  location: BackupLocation,
  options: CallOptions,
): Promise<Manifest | null> => {
  const text = await manifestFile(cloud, location, options);
  if (text === null) return null;
  try {
    const manifest = JSON.parse(text) as Manifest;
    return manifest.backupId === location.backupId && manifest.clientId === location.clientId
      ? manifest
      : null;
  } catch {
    return null;
  }
};

/** Finds a backup on a server, whichever client it is of; null when it is not there. */
export const findBackup = async (
  cloud: CloudServer,
  backupId: string,
  options: CallOptions,
): Promise<BackupLocation | null> => {
  for (const clientId of (await cloud.files.list(serverPaths.backups, options)) ?? []) {
    const location = { clientId, backupId };
    if ((await readManifest(cloud, location, options)) !== null) return location;
  }
  return null;
};
