import { insideContainers, serverPaths } from '../../on-server/names.ts';

/** Where a backup lies. */
export interface BackupLocation {
  clientId: string;
  backupId: string;
}

/** Directory of a client's backups, relative to the server's root directory. */
export const backupsOf = (clientId: string): string => `${serverPaths.backups}/${clientId}`;

/** Directory of a backup, relative to the server's root directory. */
export const directoryOf = ({ clientId, backupId }: BackupLocation): string =>
  `${backupsOf(clientId)}/${backupId}`;

/** Directory of a backup as the database's container sees it. */
export const directoryInDatabase = ({ clientId, backupId }: BackupLocation): string =>
  `${insideContainers.backups}/${clientId}/${backupId}`;

export const manifestOf = (location: BackupLocation): string => `${directoryOf(location)}/manifest.json`;
