import { asciiEmail, subscribedTypes, type Language, type NoticeType } from '@alfa-cloud/contracts';
import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { NoticesConfig } from '../notices/request-notices.ts';
import { isAddress } from './sender.ts';

export interface NoticesSettings extends NoticesConfig {
  /** Of the mails to the administrator. */
  language: Language;
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
  return {
    emails: emails.map(asciiEmail),
    events: events.filter(known),
    language: language === 'ru' ? 'ru' : 'en',
    allowPrivate: read.boolean('ALFA_WEBHOOK_PRIVATE', false),
  };
};
