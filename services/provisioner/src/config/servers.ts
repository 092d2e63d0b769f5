import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { PreparationConfig } from '../on-server/preparation.ts';
import type { RebootConfig } from '../on-server/reboot-config.ts';
import { seconds } from './seconds.ts';

export const readPreparation = (read: ConfigReader): PreparationConfig => ({
  databaseImage: read.string('ALFA_DATABASE_IMAGE', 'mariadb:10.11'),
  proxyImage: read.string('ALFA_PROXY_IMAGE', 'nginx:1'),
  freeBytesMin: read.integer('ALFA_FREE_DISK_MIN_MB', { default: 2048, min: 0 }) * 1024 * 1024,
  clockSkewMaxMs: seconds(read, 'ALFA_CLOCK_SKEW_MAX_S', 60),
  databaseStartMs: seconds(read, 'ALFA_DATABASE_START_TIMEOUT_S', 120),
  pullMs: seconds(read, 'ALFA_IMAGE_PULL_TIMEOUT_S', 600),
});

export const readReboot = (read: ConfigReader): RebootConfig => ({
  command: commandOrNull(read.string('ALFA_REBOOT_COMMAND', '')),
  localCommand: commandOrNull(read.string('ALFA_REBOOT_LOCAL_COMMAND', '')),
  drainMs: seconds(read, 'ALFA_REBOOT_DRAIN_TIMEOUT_S', 900),
  backMs: seconds(read, 'ALFA_REBOOT_TIMEOUT_S', 900),
});

const commandOrNull = (text: string): string | null => (text.trim() === '' ? null : text);
