import { streams, type BackupKind, type ClientEvent } from '@alfa-cloud/contracts';
import type { EventStore } from '@alfa-cloud/event-sourcing';
import type { Clock } from '@alfa-cloud/service-kit';
import type { BackupLocation } from './backup-location.ts';

export interface BackupConfig {
  /** Longest time of one dump, one packing or one restoration, ms. */
  deadlineMs: number;
  /** For how long backups are kept, days. */
  keepDays: Readonly<Record<BackupKind, number>>;
}

export interface BackupDeps {
  store: EventStore;
  clock: Clock;
  /** Image of the servers' databases; see `storagePlan`. */
  databaseImage: string;
  backups: BackupConfig;
}

export type RecordedBackup = Extract<ClientEvent, { type: 'ClientBackedUp' }>['data'];

/** The record of a backup; null when it was never made or has been removed. */
export const recordedBackup = async (
  store: EventStore,
  { clientId, backupId }: BackupLocation,
): Promise<RecordedBackup | null> => {
  const { events } = await store.read<ClientEvent>(streams.client(clientId));
  let found: RecordedBackup | null = null;
  for (const { type, data } of events) {
    if (type === 'ClientBackedUp' && data.backupId === backupId) found = data;
    if (type === 'ClientBackupMoved' && data.backupId === backupId && found !== null) {
      found = { ...found, serverId: data.to };
    }
    if (type === 'ClientBackupRemoved' && data.backupId === backupId) found = null;
  }
  return found;
};
