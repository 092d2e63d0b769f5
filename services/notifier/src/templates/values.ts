import { unicodeDomain, type Locale } from '@alfa-cloud/contracts';
import { daysBetween } from '../schedule/days.ts';
import type { TemplateValues } from './render.ts';

/** Who sends the mails. Absent texts are empty. */
export interface Brand {
  name: string;
  url: string;
  supportEmail: string;
}

/** What a mail is filled in with. */
export interface MailFacts {
  locale: Locale;
  name: string;
  cloudUrl: string;
  login: string;
  /** Only where the mail tells it. */
  password?: string;
  /** In the place of the password: shows it once, until that moment. */
  passwordLink?: { url: string; until: Date; timeZone: string };
  /** `YYYY-MM-DD` */
  expireDate: string;
  /** Today where the client is told of days, `YYYY-MM-DD`. */
  today: string;
  brand: Brand;
}

/** Names that a template may use. */
export const valueNames = [
  'brandName',
  'brandUrl',
  'cloudUrl',
  'daysLeft',
  'ended',
  'expireDate',
  'login',
  'name',
  'password',
  'passwordLink',
  'passwordLinkUntil',
  'subject',
  'supportEmail',
] as const;

export const valuesOf = (facts: MailFacts): TemplateValues => {
  const { locale, brand } = facts;
  const days = daysBetween(facts.today, facts.expireDate);
  return {
    brandName: oneLine(brand.name),
    brandUrl: brand.url,
    cloudUrl: readable(facts.cloudUrl),
    daysLeft: days < 0 ? '' : daysLeftIn[locale](days),
    ended: days < 0,
    expireDate: dateIn(locale, facts.expireDate),
    login: oneLine(facts.login),
    name: oneLine(facts.name),
    password: facts.password ?? '',
    passwordLink: facts.passwordLink?.url ?? '',
    passwordLinkUntil: facts.passwordLink === undefined ? '' : momentIn(locale, facts.passwordLink),
    supportEmail: brand.supportEmail,
  };
};

/** Control characters would begin new lines of a header or forge lines of a text. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** The host name as people write it. */
const readable = (url: string): string => {
  const [, scheme = '', host = '', rest = ''] = /^(https?:\/\/)([^/:]+)(.*)$/.exec(url) ?? [];
  return host === '' ? url : `${scheme}${unicodeDomain(host)}${rest}`;
};

const dateIn = (locale: Locale, day: string): string =>
  new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'ru-RU', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(`${day}T00:00:00Z`));

const momentIn = (locale: Locale, { until, timeZone }: NonNullable<MailFacts['passwordLink']>): string =>
  new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'ru-RU', {
    timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(until);

/** From now on, today included in what is told as left. */
const daysLeftIn: { readonly [Each in Locale]: (days: number) => string } = {
  en: (days) => {
    if (days === 0) return 'until the end of today';
    return days === 1 ? 'until the end of tomorrow' : `for ${days} more days`;
  },
  ru: (days) => {
    if (days === 0) return 'срок истекает сегодня';
    return days === 1 ? 'срок истекает завтра' : `до окончания срока ${days} ${russianDays(days)}`;
  },
};

const russianRules = new Intl.PluralRules('ru');
const russianDays = (days: number): string => {
  const rule = russianRules.select(days);
  return rule === 'one' ? 'день' : rule === 'few' ? 'дня' : 'дней';
};
