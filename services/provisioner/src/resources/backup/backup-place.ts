import { insideContainers, serverPaths } from '../../on-server/names.ts';

/** Where a backup lies. */
export interface BackupPlace {
  clientId: string;
  backupId: string;
}

/** Of a client's backups, relative to the server's root directory. */
export const backupsOf = (clientId: string): string => `${serverPaths.backups}/${clientId}`;

/** Relative to the server's root directory. */
export const directoryOf = ({ clientId, backupId }: BackupPlace): string =>
  `${backupsOf(clientId)}/${backupId}`;

/** As the container of the database sees it. */
export const directoryInDatabase = ({ clientId, backupId }: BackupPlace): string =>
  `${insideContainers.backups}/${clientId}/${backupId}`;

export const manifestOf = (place: BackupPlace): string => `${directoryOf(place)}/manifest.json`;
