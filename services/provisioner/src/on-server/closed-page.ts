import type { Locale } from '@alfa-cloud/contracts';

/** What stands in the way of a client's use. Expiry goes before maintenance. */
export interface ClientPage {
  /** Null: no maintenance. */
  maintenance: { message: string | null } | null;
  expired: boolean;
}

/** What the proxy answers in place of the application; null while the client is open. */
export interface ClosedPage {
  kind: 'expired' | 'maintenance';
  status: number;
  /** After how many seconds a look again may be worth it; null: not by itself. */
  retryAfterSeconds: number | null;
  /** One line without `"`, `$` and `\`: it fits in a quoted string of nginx as it is. */
  html: string;
}

/** A page stands in one word of nginx's configuration, which takes 4096 bytes. One character takes at most five of them. */
const messageMax = 500;

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
    const { title, text } = words[locale].expired;
    return {
      kind: 'expired',
      status: 403,
      retryAfterSeconds: null,
      html: html(locale, 'expired', title, text),
    };
  }
  if (maintenance === null) return null;
  const { title, text } = words[locale].maintenance;
  const message = maintenance.message === null ? text : inHtml(maintenance.message);
  return {
    kind: 'maintenance',
    status: 503,
    retryAfterSeconds: 120,
    html: html(locale, 'maintenance', title, message),
  };
};

/**
 * A text as it can stand in HTML, in attributes and in a quoted string of nginx: whatever of ASCII could mean something there
 * becomes a numeric reference, a line break too; other control characters become blanks. Longer than 500 characters it is cut.
 */
export const inHtml = (text: string): string => {
  const characters = Array.from(text.toWellFormed());
  const shown = characters.length > messageMax ? [...characters.slice(0, messageMax - 1), '…'] : characters;
  return shown.map(reference).join('');
};

const reference = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  // The style of the paragraph shows it as the end of a line.
  if (character === '\n') return '&#10;';
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return ' ';
  return code >= 0xa0 || /[A-Za-z0-9 .,:!?()-]/.test(character) ? character : `&#${code};`;
};

const style =
  'body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f4f6f8;color:#1d2733;font:18px/1.5 system-ui,sans-serif}' +
  'main{max-width:34em;padding:2em;text-align:center}h1{font-size:1.6em}p{overflow-wrap:anywhere;white-space:pre-line}';

const html = (locale: Locale, kind: ClosedPage['kind'], title: string, text: string): string =>
  `<!DOCTYPE html><html lang='${locale}'><head><meta charset='utf-8'>` +
  `<meta name='viewport' content='width=device-width,initial-scale=1'><meta name='robots' content='noindex'>` +
  `<title>${title}</title><style>${style}</style></head>` +
  `<body data-alfa-page='${kind}'><main><h1>${title}</h1><p dir='auto'>${text}</p></main></body></html>`;
