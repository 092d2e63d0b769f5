import type { Locale } from '@alfa-cloud/contracts';

/** What a page of the proxy says, in both of its forms. */
export interface PageText {
  /** Status of the answer. */
  status: number;
  /** Stable word for programs; also marks the page's body. */
  code: string;
  title: string;
  /** A sentence below the title. */
  text: string;
}

/** A word of nginx's configuration takes 4096 bytes, and a page stands in one. One character takes at most six of them. */
const textMax = 500;

/** One line without `"`, `$` and `\`: it fits in a quoted string of nginx as it is. */
export const pageHtml = (locale: Locale, { code, title, text }: PageText): string =>
  `<!DOCTYPE html><html lang='${locale}'><head><meta charset='utf-8'>` +
  `<meta name='viewport' content='width=device-width,initial-scale=1'><meta name='robots' content='noindex'>` +
  `<title>${inHtml(title)}</title><style>${style}</style></head>` +
  `<body data-alfa-page='${code}'><main><h1>${inHtml(title)}</h1><p dir='auto'>${inHtml(text)}</p></main></body></html>`;

/** The same for programs: an error document of JSON:API. One line without `'` and `$`, and with `\` only before a `u`. */
export const pageJson = ({ status, code, title, text }: PageText): string =>
  `{"errors":[{"status":"${status}","code":"${code}","title":"${inJson(title)}","detail":"${inJson(text)}"}]}`;

/**
 * Escapes a text for HTML, for attributes and for a quoted string of nginx: ASCII characters with a meaning there and line breaks become
 * numeric references, other control characters become blanks. Cut to 500 characters.
 */
export const inHtml = (text: string): string =>
  shown(text)
    .map((character) => {
      const code = codeOf(character);
      // The paragraph's style shows it as a line break.
      if (character === '\n') return '&#10;';
      if (isControl(code)) return ' ';
      return isHarmless(character) ? character : `&#${code};`;
    })
    .join('');

/** The same for a string of JSON. nginx keeps a backslash before a `u` as it is. */
export const inJson = (text: string): string =>
  shown(text)
    .map((character) =>
      isHarmless(character) && !isControl(codeOf(character))
        ? character
        : `\\u${codeOf(character).toString(16).padStart(4, '0')}`,
    )
    .join('');

const shown = (text: string): string[] => {
  const characters = Array.from(text.toWellFormed());
  return characters.length > textMax ? [...characters.slice(0, textMax - 1), '…'] : characters;
};

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code < 0xa0);
const isHarmless = (character: string): boolean =>
  codeOf(character) >= 0xa0 || /[A-Za-z0-9 .,:!?()-]/.test(character);

const style =
  'body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f4f6f8;color:#1d2733;font:18px/1.5 system-ui,sans-serif}' +
  'main{max-width:34em;padding:2em;text-align:center}h1{font-size:1.6em}p{overflow-wrap:anywhere;white-space:pre-line}';
