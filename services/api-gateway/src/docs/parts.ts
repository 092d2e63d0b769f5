import type { Language } from '@alfa-cloud/contracts';
import { escapeHtml } from '@alfa-cloud/service-kit';
import { type Row, rowsOf, type Schema } from './schema-rows.ts';
import { words } from './words.ts';

/** A text for people: what stands between backquotes is code. */
export const prose = (text: string): string =>
  escapeHtml(text).replaceAll(/`([^`]+)`/g, (_whole, code: string) => `<code>${code}</code>`);

/** A heading that can be linked to. */
export const anchored = (id: string, html: string): string =>
  `<h3 id="${escapeHtml(id)}"><a href="#${escapeHtml(id)}">${html}</a></h3>`;

/** The properties of a schema under a heading; nothing where there are none. `mark`: which of two kinds of property is said to be so. */
export const propertyList = (
  title: string,
  schema: Schema,
  language: Language,
  mark: 'required' | 'optional',
): string => {
  const rows = rowsOf(schema, language);
  if (rows.length === 0) return '';
  return `<h4>${title}</h4>\n<dl>${rows.map((row) => property(row, language, mark)).join('')}</dl>`;
};

const property = (
  { name, type, meaning, values, example, isRequired }: Row,
  language: Language,
  mark: 'required' | 'optional',
): string => {
  const said = (mark === 'required') === isRequired ? `, ${words[language][mark]}` : '';
  const named = values.map((value) => `<code>${escapeHtml(value)}</code>`).join(', ');
  const possible = named === '' ? '' : `<p class="soft">${words[language].values}: ${named}</p>`;
  const shown =
    example === undefined
      ? ''
      : ` <span class="soft">${words[language].example}: <code>${escapeHtml(example)}</code></span>`;
  return `<div><dt><code>${escapeHtml(name)}</code> <span class="soft">${escapeHtml(type)}${said}</span></dt><dd>${prose(meaning)}${shown}${possible}</dd></div>`;
};
