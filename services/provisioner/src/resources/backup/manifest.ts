import type { CallOptions, CloudServer } from '@alfa-cloud/cloud-server';
import { serverPaths } from '../../on-server/names.ts';
import { manifestOf, type BackupPlace } from './backup-place.ts';
import type { RecordedBackup } from './recorded-backup.ts';

/** What lies beside the files of a backup, for people and for a restoration. Holds no secret and no personal data. */
export interface Manifest extends Omit<RecordedBackup, 'clientId' | 'operationId'> {
  clientId: string;
  operationId: string;
  slug: string;
  /** Rows of the table `migrations`; -1 without that table. */
  migrations: number;
}

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** Null when there is none, or none that can be read. */
export const readManifest = async (
  { files }: CloudServer,
  place: BackupPlace,
  options: CallOptions,
): Promise<Manifest | null> => {
  const text = await files.read(manifestOf(place), options);
  if (text === null) return null;
  try {
    const manifest = JSON.parse(text) as Manifest;
    return manifest.backupId === place.backupId && manifest.clientId === place.clientId ? manifest : null;
  } catch {
    return null;
  }
};

/** Where a backup lies on a server, whosever it is; null when it does not. */
export const findBackup = async (
  cloud: CloudServer,
  backupId: string,
  options: CallOptions,
): Promise<BackupPlace | null> => {
  for (const clientId of (await cloud.files.list(serverPaths.backups, options)) ?? []) {
    const place = { clientId, backupId };
    if ((await readManifest(cloud, place, options)) !== null) return place;
  }
  return null;
};
