import { type Language, type RelationshipRule, resourceOf } from '@alfa-cloud/contracts';
import { escapeHtml } from '@alfa-cloud/service-kit';
import type { Description } from './described.ts';
import { anchored, propertyList, prose } from './parts.ts';
import { words } from './words.ts';

/** One type of resource: attributes, relationships, links, and an example of the whole. */
export const resourceSection = (type: string, description: Description, language: Language): string => {
  const say = words[language];
  const definition = resourceOf(type);
  const schema = description.components.schemas[type];
  if (definition === undefined || schema === undefined) return '';
  const { title, relationships, links } = definition;
  return `<article>
${anchored(`resource-${type}`, `${escapeHtml(title[language])} <code>${escapeHtml(type)}</code>`)}
<p>${prose(definition.description)}</p>
<details><summary>${say.attributes}</summary>
${propertyList(say.attributes, schema.properties?.['attributes'] ?? {}, language, 'optional')}
${section(
  say.relationships,
  Object.entries(relationships).map(([name, rule]) => relationship(name, rule, language)),
)}
${section(
  say.links,
  Object.entries(links).map(([name, says]) => row(name, '', prose(says))),
)}
</details>
<details><summary>${say.example}</summary><pre>${escapeHtml(JSON.stringify(schema.examples?.[0], null, 2))}</pre></details>
</article>
`;
};

const section = (title: string, rows: string[]): string =>
  rows.length === 0 ? '' : `<h4>${title}</h4>\n<dl>${rows.join('')}</dl>`;

const row = (name: string, type: string, meaning: string): string =>
  `<div><dt><code>${escapeHtml(name)}</code> <span class="soft">${type}</span></dt><dd>${meaning}</dd></div>`;

const relationship = (
  name: string,
  { to, many, description }: RelationshipRule,
  language: Language,
): string => {
  const { list, or } = words[language];
  const types = [to].flat().map((type) => `<a href="#resource-${escapeHtml(type)}">${escapeHtml(type)}</a>`);
  return row(name, `${many === true ? `${list} ` : ''}${types.join(` ${or} `)}`, prose(description));
};
