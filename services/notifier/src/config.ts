import { join } from 'node:path';
import {
  ConfigError,
  readConfig,
  readEnginesConfig,
  type ConfigReader,
  type EnginesConfig,
  type Environment,
} from '@alfa-cloud/service-kit';
import { readBounces, type BouncesSettings } from './config/bounces.ts';
import { readNotices, type NoticesSettings } from './config/notices.ts';
import { readPasswords } from './config/passwords.ts';
import { readSchedule, type ScheduleConfig } from './config/schedule.ts';
import { readSender } from './config/sender.ts';
import { readSmtp, type SmtpSettings } from './config/smtp.ts';
import type { PasswordsInMails } from './password-links/password-in-mail.ts';
import type { Brand } from './templates/values.ts';
import type { Sender } from './transport/compose.ts';
import type { OutboxLimits } from './transport/tidy-outbox.ts';

export interface NotifierConfig extends EnginesConfig {
  /** Null: mails are written into {@link outboxDirectory}. */
  smtp: SmtpSettings | null;
  outboxDirectory: string;
  /** How much stays in it. */
  outboxLimits: OutboxLimits;
  sender: Sender;
  /** Where returned mail is looked for; null: nowhere. */
  bounces: BouncesSettings | null;
  brand: Brand;
  passwords: PasswordsInMails;
  /** Directory with templates that stand in for those that come with the service. */
  templatesDirectory: string | undefined;
  notices: NoticesSettings;
  /** From one look at the mails that are due to the next, s. */
  lookS: number;
  schedule: ScheduleConfig;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Besides what every service reads: the table of docs/configuration.md.
 * @throws ConfigError naming every variable that is missing or not valid
 */
export const readNotifierConfig = (env: Environment): NotifierConfig => {
  const faults: string[] = [];
  const config = readConfig(env, (read) => ({
    ...readEnginesConfig(read),
    smtp: readSmtp(read, faults),
    outboxDirectory: join(read.string('ALFA_DATA_DIR', 'data'), 'outbox'),
    outboxLimits: {
      files: read.integer('ALFA_OUTBOX_FILES', { default: 1000, min: 1, max: 100_000 }),
      ageMs: read.integer('ALFA_OUTBOX_DAYS', { default: 30, min: 1, max: 3650 }) * dayMs,
    },
    sender: readSender(read, faults),
    bounces: readBounces(read, faults),
    brand: readBrand(read),
    passwords: readPasswords(read, faults),
    notices: readNotices(read, faults),
    templatesDirectory: read.optionalString('ALFA_MAIL_TEMPLATES_DIR'),
    lookS: read.integer('ALFA_MAIL_INTERVAL_S', { default: 5, min: 1, max: 59 }),
    schedule: readSchedule(read, faults),
  }));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
};

const readBrand = (read: ConfigReader): Brand => ({
  name: read.string('ALFA_BRAND_NAME', 'Alfa'),
  url: read.string('ALFA_BRAND_URL', ''),
  supportEmail: read.string('ALFA_SUPPORT_EMAIL', ''),
});
