import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { AlertsConfig } from '../reconcilers/alerts/alert-keeper.ts';
import type { AvailabilityConfig } from '../reconcilers/availability/observe-server.ts';
import type { BackupScheduleConfig } from '../reconcilers/backups/backup-schedule.ts';
import type { CloudSettingsConfig } from '../reconcilers/cloud-settings/cloud-settings.ts';
import type { HoldKeeperConfig } from '../reconcilers/moves/hold-keeper.ts';
import type { PagesConfig } from '../reconcilers/pages/pages.ts';
import type { ServerHealthConfig } from '../reconcilers/server-health/server-health.ts';
import { seconds } from './seconds.ts';

export interface ReconcilersConfig {
  alerts: AlertsConfig;
  availability: AvailabilityConfig;
  backupSchedule: BackupScheduleConfig;
  cloudSettings: CloudSettingsConfig;
  holds: HoldKeeperConfig;
  pages: PagesConfig;
  serverHealth: ServerHealthConfig;
}

export const readReconcilers = (read: ConfigReader): ReconcilersConfig => ({
  alerts: {
    afterMs: read.integer('ALFA_ALERT_AFTER_S', { default: 120, min: 0, max: 86_400 }) * 1000,
    diskPercent: read.integer('ALFA_ALERT_DISK_PERCENT', { default: 90, min: 1, max: 100 }),
    memoryPercent: read.integer('ALFA_ALERT_MEMORY_PERCENT', { default: 95, min: 1, max: 100 }),
    clockMs: seconds(read, 'ALFA_ALERT_CLOCK_S', 10),
  },
  backupSchedule: {
    roundMs: seconds(read, 'ALFA_BACKUP_WATCH_INTERVAL_S', 60),
    everyMs: read.integer('ALFA_BACKUP_EVERY_H', { default: 24, min: 0, max: 8760 }) * 3_600_000,
  },
  availability: {
    everyMs: seconds(read, 'ALFA_AVAILABILITY_INTERVAL_S', 15),
    probeMs: seconds(read, 'ALFA_AVAILABILITY_TIMEOUT_S', 3),
    parallel: read.integer('ALFA_AVAILABILITY_PARALLEL', { default: 16, min: 1, max: 256 }),
    confirmMs: 1200,
  },
  holds: { everyMs: seconds(read, 'ALFA_MOVE_WATCH_INTERVAL_S', 60) },
  pages: { everyMs: seconds(read, 'ALFA_EXPIRY_WATCH_INTERVAL_S', 60), parallel: 8 },
  cloudSettings: { everyMs: seconds(read, 'ALFA_SETTINGS_WATCH_INTERVAL_S', 20), parallel: 8 },
  serverHealth: {
    // Health that was not looked at for three minutes counts as unknown, so a round must not take much of that.
    everyMs: read.integer('ALFA_SERVER_WATCH_INTERVAL_S', { default: 30, min: 1, max: 60 }) * 1000,
    parallel: 8,
    confirmMs: 1500,
    settleMs: 20_000,
  },
});
