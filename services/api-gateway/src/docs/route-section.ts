import { type Language, operations, resourceOf } from '@alfa-cloud/contracts';
import { escapeHtml } from '@alfa-cloud/service-kit';
import type { Description, DocumentSchema, Parameter, ShownRoute } from './described.ts';
import { anchored, propertyList, prose } from './parts.ts';
import type { Schema } from './schema-rows.ts';
import { words } from './words.ts';

/** What a route asks for, in a language: the title of its operation; empty where it asks for none. */
export const routeTitle = (
  { method, path }: Pick<ShownRoute, 'method' | 'path'>,
  language: Language,
): string =>
  operations.find(
    ({ http }) => http?.path === path && (http.methods as readonly string[]).includes(method.toUpperCase()),
  )?.title[language] ?? '';

/** One route: what it does, takes and answers. */
export const routeSection = (route: ShownRoute, description: Description, language: Language): string => {
  const say = words[language];
  const title = routeTitle(route, language);
  const heading = `<span class="method ${route.method}">${route.method.toUpperCase()}</span> <code>${escapeHtml(route.path)}</code>`;
  return `<article>
${anchored(route.operationId, heading)}
${title === '' ? '' : `<p><b>${escapeHtml(title)}</b></p>`}
<p>${prose(`${route.summary}.`)}${route.security?.length === 0 ? ` <span class="soft">${say.open}</span>` : ''}</p>
<details><summary>${[say.parameters, ...(route.requestBody === undefined ? [] : [say.request]), say.answers].join(', ')}</summary>
${propertyList(say.parameters, parametersOf(route, description), language, 'required')}
${propertyList(say.request, bodyOf(route), language, 'required')}
<h4>${say.answers}</h4>
${answersOf(route, language)}
</details>
</article>
`;
};

/** Parameters as the properties of an object. */
const parametersOf = ({ parameters }: ShownRoute, { components }: Description): Schema => {
  const all = parameters.map((each): Parameter | undefined =>
    '$ref' in each ? components.parameters[each.$ref.split('/').at(-1) ?? ''] : each,
  );
  const known = all.filter((each) => each !== undefined);
  return {
    required: known.flatMap(({ name, required }) => (required === true ? [name] : [])),
    properties: Object.fromEntries(
      known.map(({ name, schema, description, example }) => [
        name,
        { ...schema, description, ...(example === undefined ? {} : { examples: [example] }) },
      ]),
    ),
  };
};

/** Attributes and relationships of the document that a route takes. */
const bodyOf = ({ requestBody }: ShownRoute): Schema => {
  const [content] = Object.values(requestBody?.content ?? {});
  const data = content?.schema.properties?.['data'];
  const { attributes, relationships } = data?.properties ?? {};
  return {
    properties: {
      ...attributes?.properties,
      ...Object.fromEntries(
        Object.entries(relationships?.properties ?? {}).map(([name, { properties = {} }]) => [
          `relationships.${name}`,
          {
            ...properties['data']?.properties?.['id'],
            description: linkageSentence(properties['data'], name),
          },
        ]),
      ),
    },
    required: [
      ...(attributes?.required ?? []),
      ...(relationships?.required ?? []).map((name) => `relationships.${name}`),
    ],
  };
};

const linkageSentence = (data: Schema | undefined, name: string): string =>
  `Relationship \`${name}\` to \`${String(data?.properties?.['type']?.const)}\`, by id.`;

const answersOf = ({ responses }: ShownRoute, language: Language): string => {
  const say = words[language];
  const rows = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, { content = {} }]) => {
      const [document] = Object.values(content);
      const schema = document?.schema;
      return `<div><dt><code>${status}</code></dt><dd>${resourceLink(schema, language)}${metaOf(schema, language)}</dd></div>`;
    });
  return `<dl>${rows.join('')}<div><dt><code>4xx, 5xx</code></dt><dd><a href="#errors">${say.errors}</a></dd></div></dl>`;
};

const resourceLink = (schema: DocumentSchema | undefined, language: Language): string => {
  const say = words[language];
  if (schema === undefined) return say.nothing;
  const data = schema.properties?.data;
  const name = (data?.items?.$ref ?? data?.$ref)?.split('/').at(-1);
  if (name === undefined) return say.object;
  const title = resourceOf(name)?.title[language] ?? name;
  const link = `<a href="#resource-${escapeHtml(name)}"><code>${escapeHtml(name)}</code></a> (${escapeHtml(title)})`;
  return data?.items === undefined ? link : `${say.list} ${link}`;
};

const metaOf = (schema: DocumentSchema | undefined, language: Language): string => {
  const meta = schema?.properties?.meta;
  return meta === undefined ? '' : propertyList(words[language].meta, meta, language, 'optional');
};
