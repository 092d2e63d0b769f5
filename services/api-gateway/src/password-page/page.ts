import { createHash } from 'node:crypto';
import type { Language, ShownPassword } from '@alfa-cloud/contracts';
import { escapeHtml } from '@alfa-cloud/service-kit';
import { words, type PageStatus } from './words.ts';

/** What a page says. */
export type PageState = { status: Exclude<PageStatus, 'shown'> } | { status: 'shown'; shown: ShownPassword };

export interface PageFacts {
  language: Language;
  /** Absent texts are empty. */
  brand: { name: string; supportEmail: string };
  /** Goes with the button, so that an answer that was lost on the way can be asked for once more. */
  showingId: string;
}

/** Fits a phone; needs no script, font or picture. */
const style = [
  'body{margin:0;padding:24px 16px;background:#f4f5f7;color:#1c2430;font:17px/1.5 system-ui,sans-serif}',
  'main{max-width:480px;margin:0 auto;padding:28px 24px;background:#fff;border-radius:8px}',
  'h1{margin:0 0 16px;font-size:22px;line-height:1.3}',
  '.brand{margin:0 0 16px;color:#5b6675;font-size:14px}',
  'dt{color:#5b6675;font-size:14px}',
  'dd{margin:0 0 16px;overflow-wrap:anywhere}',
  'code{font:18px/1.5 ui-monospace,monospace;user-select:all}',
  'button{width:100%;padding:14px;border:0;border-radius:6px;background:#1f5fbf;color:#fff;font:inherit;cursor:pointer}',
  'button:focus-visible,a:focus-visible{outline:3px solid #f0a020;outline-offset:2px}',
  'a{color:#1f5fbf}',
  '@media(prefers-color-scheme:dark){body{background:#14181f;color:#e6e9ee}main{background:#1e242d}dt,.brand{color:#9aa6b5}a{color:#8ab4f8}}',
].join('');

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing but the style of this file; the form goes to this page alone, and no other page frames it. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** The page of a one-time link as HTML. Pure; every value is escaped. */
export const passwordPage = (state: PageState, { language, brand, showingId }: PageFacts): string => {
  const say = words[language];
  const title = say.titles[state.status];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${brand.name === '' ? '' : `<p class="brand">${escapeHtml(brand.name)}</p>`}
<h1>${escapeHtml(title)}</h1>
${contentOf(state, language, showingId)}
${brand.supportEmail === '' ? '' : helpOf(language, brand.supportEmail)}
</main>
</body>
</html>
`;
};

const contentOf = (state: PageState, language: Language, showingId: string): string => {
  const say = words[language];
  const text = `<p>${escapeHtml(say.texts[state.status])}</p>`;
  // Without a path the form is sent to the address of the page, token included, which so stands nowhere in it.
  if (state.status === 'ready') {
    return `${text}\n<form method="post" action="?showing=${escapeHtml(showingId)}"><button type="submit">${escapeHtml(say.show)}</button></form>`;
  }
  return state.status === 'shown' ? `${access(state.shown, language)}\n${text}` : text;
};

const access = ({ login, password, cloudUrl }: ShownPassword, language: Language): string => {
  const say = words[language];
  const url = cloudUrl === null ? null : escapeHtml(cloudUrl);
  return `<dl>
${url === null ? '' : `<dt>${say.address}</dt><dd><a href="${url}" rel="noreferrer">${url}</a></dd>`}
<dt>${say.login}</dt><dd><code>${escapeHtml(login)}</code></dd>
<dt>${say.password}</dt><dd><code>${escapeHtml(password)}</code></dd>
</dl>`;
};

const helpOf = (language: Language, email: string): string => {
  const address = escapeHtml(email);
  return `<p>${words[language].help} <a href="mailto:${address}">${address}</a></p>`;
};
