import { asciiEmail, subscribedTypes, type Language, type NoticeType } from '@alfa-cloud/contracts';
import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { NoticesConfig } from '../notices/request-notices.ts';
import { isAddress } from './address.ts';

export interface NoticesSettings extends NoticesConfig {
  /** Of the mails to the administrator. */
  language: Language;
  /** Local time of the daily digest, `HH:MM`; null: there is none. */
  digestAt: string | null;
  /** Webhooks may lead to private networks. */
  allowPrivate: boolean;
}

/** @param faults takes up what is not valid */
export const readNotices = (read: ConfigReader, faults: string[]): NoticesSettings => {
  const emails = read.list('ALFA_ALERT_EMAILS', []);
  if (!emails.every(isAddress)) {
    faults.push('ALFA_ALERT_EMAILS must be addresses like admin@example.org, with commas between');
  }
  const events = read.list('ALFA_ALERT_MAIL_EVENTS', subscribedTypes);
  const known = (name: string): name is NoticeType => subscribedTypes.some((type) => type === name);
  if (!events.every(known))
    faults.push(`ALFA_ALERT_MAIL_EVENTS must be some of ${subscribedTypes.join(',')}`);
  const language = read.string('ALFA_ALERT_LANGUAGE', 'en');
  if (language !== 'en' && language !== 'ru')
    faults.push(`ALFA_ALERT_LANGUAGE must be en or ru, not "${language}"`);
  const digestAt = read.string('ALFA_DIGEST_AT', '08:00');
  if (digestAt !== 'off' && !/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(digestAt)) {
    faults.push(`ALFA_DIGEST_AT must be a time like 08:00, or off, not "${digestAt}"`);
  }
  return {
    digestAt: digestAt === 'off' ? null : digestAt,
    emails: emails.map(asciiEmail),
    events: events.filter(known),
    language: language === 'ru' ? 'ru' : 'en',
    allowPrivate: read.boolean('ALFA_WEBHOOK_PRIVATE', false),
  };
};
