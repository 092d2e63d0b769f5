import {
  metaMembers,
  type RelationshipRule,
  type ResourceDefinition,
  resources,
} from '@alfa-cloud/contracts';
import type { TSchema } from 'typebox';
import { attributeSentence } from '../description/request-attributes.ts';
import type { BodyRule, Route } from '../http/route.ts';
import { key, typeOf, union } from './type-of-schema.ts';

type Described = TSchema & { description?: string };

const head = '// Made of the routes and views by `npm run client:types`; not changed by hand.\n\n';

/**
 * Types of all resources, of what stands in `meta` and of all routes, as TypeScript: what `client-types.ts` narrows an answer from.
 * Of two methods that do the same (a GET that acts beside its POST, a PUT beside its PATCH) the client has one.
 */
export const describeTypes = (routes: readonly Route[]): string =>
  [head, resourceTypes(), metaTypes(), routeTypes(routes)].join('');

const resourceTypes = (): string => {
  const all: readonly ResourceDefinition[] = Object.values(resources);
  return block(
    'export interface Resources',
    all.map(({ type, description, attributes, relationships }) =>
      documented(
        description,
        block(`${key(type)}:`, [
          block('attributes:', members(attributes.properties, attributes.required)),
          block(
            'relationships:',
            Object.entries(relationships).map(([name, rule]) =>
              documented(rule.description, `${key(name)}: ${relationship(rule)};`),
            ),
          ),
        ]),
      ),
    ),
  );
};

const relationship = ({ to, many = false }: RelationshipRule): string =>
  `{ to: ${union([to].flat())}; many: ${many} }`;

const metaTypes = (): string =>
  block('export interface Meta', members(metaMembers, Object.keys(metaMembers)));

const twins: Readonly<Record<string, string>> = { GET: 'POST', PUT: 'PATCH' };

const routeTypes = (routes: readonly Route[]): string => {
  const has = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const own = routes.filter(({ method, path }) => !has.has(`${twins[method]} ${path}`));
  const methods = [...new Set(own.map(({ method }) => method))].toSorted();
  return block(
    'export interface Routes',
    methods.map((method) =>
      block(
        `${method}:`,
        own
          .filter((route) => route.method === method)
          .toSorted((a, b) => (a.path < b.path ? -1 : 1))
          .map((route) => documented(route.summary, routeType(route))),
      ),
    ),
  );
};

const routeType = (route: Route): string => {
  const { path, body, parameters } = route;
  const { include, ...others } = parameters.properties as Record<string, TSchema & { items?: TSchema }>;
  const fields = Object.keys(others).flatMap((name) => /^fields\[(.*)\]$/.exec(name)?.[1] ?? []);
  const query = Object.entries(others).filter(([name]) => !name.startsWith('fields['));
  const required: readonly string[] = parameters.required ?? [];
  return block(`${key(path)}:`, [
    ...(query.length === 0
      ? []
      : [
          block(
            'query:',
            query.map(([name, schema]) =>
              required.includes(name)
                ? `${key(name)}: ${queryType(schema)};`
                : `${key(name)}?: ${queryType(schema)} | undefined;`,
            ),
          ),
        ]),
    ...(include?.items === undefined ? [] : [`include: ${typeOf(include.items)};`]),
    ...(fields.length === 0 ? [] : [`fields: ${union(fields)};`]),
    ...(body === undefined ? [] : [bodyType(body)]),
    block('answers:', answerTypes(route)),
  ]);
};

/** Of several values one may stand by itself. */
const queryType = (schema: TSchema & { items?: TSchema }): string =>
  schema.items === undefined ? typeOf(schema) : `${typeOf(schema.items)} | ${typeOf(schema)}`;

const bodyType = ({ type, attributes, relationships, required = true }: BodyRule): string =>
  block(required ? 'body:' : 'body?:', [
    `type: ${union([type])};`,
    block(
      'attributes:',
      members(attributes.properties, attributes.required, (name, schema) =>
        attributeSentence(type, name, schema),
      ),
    ),
    ...(Object.keys(relationships).length === 0
      ? []
      : [
          block(
            'relationships:',
            Object.entries(relationships).map(
              ([name, rule]) =>
                `${key(name)}${rule.required ? '' : '?'}: { type: ${union([rule.type])}; id: string };`,
            ),
          ),
        ]),
  ]);

/** What an answer holds, by status: its data, the members that its `meta` always has, and those that it may have. */
const answerTypes = ({ answers = { 200: '' }, meta = {}, offersEvents }: Route): string[] => {
  const all = Object.entries(answers);
  const named = (rule: string): string[] =>
    Object.entries(meta).flatMap(([name, is]) => (is === rule ? [name] : []));
  return all
    .filter(([status]) => !(status === '204' && offersEvents === true))
    .map(([status, type]) => {
      const isList = type.endsWith('[]');
      // An answer with another type, the operation that goes on, says nothing about what will be there in the end.
      const isMain = type === all[0]?.[1] || isList;
      const always = [...(isList ? ['total'] : []), ...(isMain ? named('always') : [])];
      const sometimes = [...(isMain ? [] : named('always')), ...named('sometimes'), 'stale'];
      const data = type === '' ? 'null' : union([type]);
      return `${status}: { data: ${data}; always: ${union(always)}; sometimes: ${union(sometimes)} };`;
    });
};

const members = (
  properties: Readonly<Record<string, Described>>,
  required: readonly string[] = [],
  sentence = (_name: string, { description }: Described): string | undefined => description,
): string[] =>
  Object.entries(properties).map(([name, schema]) =>
    documented(
      sentence(name, schema),
      `${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`,
    ),
  );

const documented = (description: string | undefined, member: string): string =>
  description === undefined ? member : `/** ${description.replaceAll('*/', '*\\/')} */\n${member}`;

const block = (begin: string, inside: readonly string[]): string => {
  const end = begin.startsWith('export') ? '\n' : '';
  if (inside.length === 0) return `${begin} Record<never, never>;`;
  const lines = inside.flatMap((part) => part.split('\n')).filter((line) => line !== '');
  return `${begin} {\n${lines.map((line) => `  ${line}`).join('\n')}\n}${end === '' ? ';' : end}`;
};
