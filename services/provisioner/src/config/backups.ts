import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { BackupConfig } from '../resources/backup/recorded-backup.ts';
import { seconds } from './seconds.ts';

export const readBackups = (read: ConfigReader): BackupConfig => {
  const days = (name: string, defaultDays: number) =>
    read.integer(name, { default: defaultDays, min: 1, max: 3650 });
  const kept = days('ALFA_BACKUP_KEEP_DAYS', 14);
  const before = days('ALFA_SAFETY_BACKUP_KEEP_DAYS', 7);
  const final = days('ALFA_FINAL_BACKUP_KEEP_DAYS', 30);
  return {
    deadlineMs: seconds(read, 'ALFA_BACKUP_TIMEOUT_S', 3600),
    keepDays: { manual: kept, scheduled: kept, migration: before, restore: before, move: before, final },
  };
};
