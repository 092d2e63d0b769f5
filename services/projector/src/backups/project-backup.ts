import type { BackupView, ClientEvent } from '@alfa-cloud/contracts';
import type { RecordedEvent } from '@alfa-cloud/event-sourcing';

/** Events about backups. */
export type BackupEvent = Extract<
  ClientEvent,
  { type: 'ClientBackedUp' | 'ClientBackupMoved' | 'ClientBackupRemoved' }
>;

export const isBackupEvent = (recorded: RecordedEvent<ClientEvent>): recorded is RecordedEvent<BackupEvent> =>
  recorded.type === 'ClientBackedUp' ||
  recorded.type === 'ClientBackupMoved' ||
  recorded.type === 'ClientBackupRemoved';

/**
 * The backup after one more event. Pure.
 * @param current null before its first event
 * @returns null when a backup is moved or removed that was never made
 */
export const projectBackup = (
  current: BackupView | null,
  { type, data, metadata }: RecordedEvent<BackupEvent>,
): BackupView | null => {
  if (type === 'ClientBackupRemoved') return current === null ? null : { ...current, removedAt: metadata.at };
  if (type === 'ClientBackupMoved') return current === null ? null : { ...current, serverId: data.to };
  const { backupId: id, keepUntil, warnings = [], ...made } = data;
  return {
    ...made,
    id,
    warnings,
    // One form for all moments, so that texts compare as moments do.
    keepUntil: new Date(keepUntil).toISOString(),
    createdAt: metadata.at,
    removedAt: null,
  };
};

/** A backup from which a client comes back whole. */
export const isWhole = ({ storage, removedAt }: BackupView): boolean =>
  storage !== null && removedAt === null;
