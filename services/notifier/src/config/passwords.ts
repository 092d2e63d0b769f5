import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { PasswordsInMails } from '../password-links/password-in-mail.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** @param faults takes up what is not valid */
export const readPasswords = (read: ConfigReader, faults: string[]): PasswordsInMails => {
  const kind = read.string('ALFA_MAIL_PASSWORDS', 'mail');
  const days = read.integer('ALFA_PASSWORD_LINK_DAYS', { default: 7, min: 1, max: 30 });
  const text = read.string('ALFA_PUBLIC_URL', '');
  if (kind !== 'mail' && kind !== 'link') {
    faults.push(`ALFA_MAIL_PASSWORDS must be mail or link, not "${kind}"`);
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  const isFit =
    url !== null && /^https?:$/.test(url.protocol) && `${url.username}${url.search}${url.hash}` === '';
  if (text !== '' && !isFit) {
    faults.push('ALFA_PUBLIC_URL must be an address like https://cloud.example.org, without a query');
  }
  if (kind !== 'link') return { kind: 'mail' };
  if (text === '') faults.push('ALFA_MAIL_PASSWORDS=link needs ALFA_PUBLIC_URL');
  return { kind, publicUrl: text.replace(/\/+$/, ''), lifetimeMs: days * dayMs };
};
