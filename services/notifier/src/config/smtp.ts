import type { ConfigReader } from '@alfa-cloud/service-kit';
import type { SmtpConfig } from '../transport/smtp-config.ts';
import { readableUrl } from './readable-url.ts';

/** A mail server as it is configured; keys and certificates are still in their files. */
export interface SmtpSettings extends Omit<SmtpConfig, 'ca' | 'dkim' | 'credentials'> {
  user: string | undefined;
  password: string | undefined;
  /** Holds the password in the place of the URL. */
  passwordFile: string | undefined;
  caFile: string | undefined;
  dkim: { domain: string; selector: string; keyFile: string } | null;
}

const encryptions = ['auto', 'required', 'off'] as const;

/**
 * Null without `ALFA_SMTP_URL`.
 * @param faults takes up what is not valid
 */
export const readSmtp = (read: ConfigReader, faults: string[]): SmtpSettings | null => {
  const text = read.optionalString('ALFA_SMTP_URL');
  const dkim = readDkim(read, faults);
  const common = {
    passwordFile: read.optionalString('ALFA_SMTP_PASSWORD_FILE'),
    caFile: read.optionalString('ALFA_SMTP_CA_FILE'),
    perMinute: read.integer('ALFA_MAIL_PER_MINUTE', { default: 60, min: 1, max: 6000 }),
    connections: read.integer('ALFA_SMTP_CONNECTIONS', { default: 2, min: 1, max: 20 }),
    deadlineMs: read.integer('ALFA_SMTP_TIMEOUT_S', { default: 60, min: 3, max: 600 }) * 1000,
  };
  const startTls = read.string('ALFA_SMTP_STARTTLS', 'auto');
  if (!encryptions.some((each) => each === startTls)) {
    faults.push(`ALFA_SMTP_STARTTLS must be one of ${encryptions.join(', ')}, not "${startTls}"`);
  }
  if (text === undefined) return null;
  const url = readableUrl(text);
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    // The URL may hold a password, so it is not repeated.
    faults.push('ALFA_SMTP_URL must be like smtp://user:password@mail.example.org:587 or smtps://…:465');
    return null;
  }
  const user = url.username === '' ? undefined : decodeURIComponent(url.username);
  return {
    ...common,
    host: url.hostname,
    port: url.port === '' ? (url.protocol === 'smtps:' ? 465 : 25) : Number(url.port),
    encryption: url.protocol === 'smtps:' ? 'tls' : encryptionOf(startTls, user !== undefined),
    user,
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    dkim,
  };
};

/** A password never travels in clear unless that is asked for. */
const encryptionOf = (startTls: string, hasUser: boolean): SmtpConfig['encryption'] => {
  if (startTls === 'off') return 'off';
  return startTls === 'required' || hasUser ? 'required' : 'opportunistic';
};

const readDkim = (read: ConfigReader, faults: string[]): SmtpSettings['dkim'] => {
  const domain = read.optionalString('ALFA_DKIM_DOMAIN');
  const selector = read.optionalString('ALFA_DKIM_SELECTOR');
  const keyFile = read.optionalString('ALFA_DKIM_KEY_FILE');
  if (domain === undefined && selector === undefined && keyFile === undefined) return null;
  if (domain === undefined || selector === undefined || keyFile === undefined) {
    faults.push('ALFA_DKIM_DOMAIN, ALFA_DKIM_SELECTOR and ALFA_DKIM_KEY_FILE belong together');
    return null;
  }
  return { domain, selector, keyFile };
};
