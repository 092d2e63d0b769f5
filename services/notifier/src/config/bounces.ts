import { asciiEmail } from '@alfa-cloud/contracts';
import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { ImapConfig } from '../bounces/imap-mailbox.ts';
import { isAddress } from './address.ts';
import { readableUrl } from './readable-url.ts';

/** The mailbox for returned mail as it is configured; password and certificates may still be in their files. */
export interface BouncesSettings extends Omit<ImapConfig, 'ca' | 'password'> {
  password: string | undefined;
  passwordFile: string | undefined;
  caFile: string | undefined;
  /** From one look to the next, ms. */
  everyMs: number;
}

const deadlineMs = 60_000;

/**
 * Null without `ALFA_BOUNCES_URL`.
 * @param faults takes up what is not valid
 */
export const readBounces = (read: ConfigReader, faults: string[]): BouncesSettings | null => {
  const text = read.optionalString('ALFA_BOUNCES_URL');
  const common = {
    passwordFile: read.optionalString('ALFA_BOUNCES_PASSWORD_FILE'),
    caFile: read.optionalString('ALFA_BOUNCES_CA_FILE'),
    everyMs: read.integer('ALFA_BOUNCES_INTERVAL_S', { default: 60, min: 1, max: 3600 }) * 1000,
    deadlineMs,
  };
  if (text === undefined) return null;
  const url = readableUrl(text);
  if (url === null || !/^imaps?:$/.test(url.protocol) || url.hostname === '' || url.username === '') {
    // The URL may hold a password, so it is not repeated.
    faults.push('ALFA_BOUNCES_URL must be like imaps://user:password@mail.example.org/INBOX');
    return null;
  }
  if (url.password === '' && common.passwordFile === undefined) {
    faults.push('ALFA_BOUNCES_URL needs a password, or ALFA_BOUNCES_PASSWORD_FILE');
  }
  const tls = url.protocol === 'imaps:';
  return {
    ...common,
    host: url.hostname,
    port: url.port === '' ? (tls ? 993 : 143) : Number(url.port),
    tls,
    user: decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    folder: decodeURIComponent(url.pathname.slice(1)) || 'INBOX',
  };
};

/**
 * Where mails that can't be delivered go back to; empty: to the sender.
 * @param faults takes up what is not valid
 */
export const readReturnPath = (read: ConfigReader, faults: string[]): string => {
  const address = read.string('ALFA_BOUNCES_ADDRESS', '');
  if (address === '' || isAddress(address)) return asciiEmail(address);
  faults.push(`ALFA_BOUNCES_ADDRESS must be an address like bounces@example.org, not "${address}"`);
  return '';
};
