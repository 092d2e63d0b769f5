import type { Locale } from '@alfa-cloud/contracts';
import { pageHtml, pageJson, type PageText } from './page-text.ts';

/** What keeps visitors from a client's application. Expiry takes precedence over maintenance. */
export interface ClientPage {
  /** Null: no maintenance. */
  maintenance: { message: string | null } | null;
  expired: boolean;
}

/** What the proxy answers in place of the application; null while the client is open. */
export interface ClosedPage {
  kind: 'expired' | 'maintenance';
  status: number;
  /** Seconds after which a retry may succeed; null: a retry does not help. */
  retryAfterSeconds: number | null;
  /** See {@link pageHtml}. */
  html: string;
  /** See {@link pageJson}. */
  json: string;
}

const words = {
  ru: {
    maintenance: {
      title: 'Техническое обслуживание',
      text: 'Сейчас идут технические работы. Пожалуйста, зайдите немного позже.',
    },
    expired: {
      title: 'Срок использования истёк',
      text: 'Чтобы продолжить работу, обратитесь к администратору.',
    },
  },
  en: {
    maintenance: {
      title: 'Maintenance',
      text: 'Maintenance is under way. Please come back a little later.',
    },
    expired: {
      title: 'The period of use has ended',
      text: 'Please contact the administrator to go on working.',
    },
  },
} as const satisfies Record<Locale, unknown>;

/** 403 after the last day, as the application itself answers; 503 during maintenance. */
export const closedPage = ({ maintenance, expired }: ClientPage, locale: Locale): ClosedPage | null => {
  if (expired) {
    const page = { status: 403, code: 'expired', ...words[locale].expired };
    return { kind: 'expired', status: 403, retryAfterSeconds: null, ...bodies(locale, page) };
  }
  return maintenance === null ? null : maintenancePage(maintenance.message, locale);
};

/** @param message null: a sentence that says it for all */
export const maintenancePage = (message: string | null, locale: Locale): ClosedPage => {
  const { title, text } = words[locale].maintenance;
  const page = { status: 503, code: 'maintenance', title, text: message ?? text };
  return { kind: 'maintenance', status: 503, retryAfterSeconds: 120, ...bodies(locale, page) };
};

const bodies = (locale: Locale, page: PageText): Pick<ClosedPage, 'html' | 'json'> => ({
  html: pageHtml(locale, page),
  json: pageJson(page),
});
