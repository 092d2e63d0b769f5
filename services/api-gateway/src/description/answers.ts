import { metaMembers, resourceOf } from '@alfa-cloud/contracts';
import { eventStreamMediaType, jsonApiMediaType } from '../http/media-types.ts';
import type { Route } from '../http/route.ts';

type Json = Record<string, unknown>;

const statusWords: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Taken; the operation tells what comes of it',
  204: 'Nothing more to come',
  503: 'Something that is needed does not work',
};

/** The answers of a route, by status, but those with errors. */
export const describeAnswers = (route: Route): Json => {
  const answers = Object.entries(route.answers ?? { 200: '' });
  return Object.fromEntries(
    answers.map(([status, type]) => [
      status,
      { description: statusWords[status], ...contentOf(route, status, type) },
    ]),
  );
};

const contentOf = (route: Route, status: string, type: string): { content?: Json } => {
  if (status === '204') return {};
  const content: Json = { [route.mediaType ?? jsonApiMediaType]: { schema: documentOf(route, type) } };
  if (route.offersEvents === true && status === '200') {
    content[eventStreamMediaType] = {
      schema: { type: 'string', description: 'Server-sent events; the data of each is JSON.' },
    };
  }
  return { content };
};

/** `users-counts[]` → `users-counts`. */
const typeNameOf = (type: string): string => type.replace('[]', '');

/** Types of the resources that answers of a route carry or include. */
export const typesOf = (route: Route): string[] => {
  const types = Object.values(route.answers ?? {}).flatMap((type) => (type === '' ? [] : [typeNameOf(type)]));
  return [...types, ...types.flatMap((type) => includedTypes(route, type))];
};

const documentOf = (route: Route, type: string): Json => {
  if (type === '') return { ...(route.document ?? plainDocument(route)) };
  const isList = type.endsWith('[]');
  const resource = { $ref: `#/components/schemas/${typeNameOf(type)}` };
  const included = includedTypes(route, typeNameOf(type));
  // An answer with another type, the operation that goes on, says nothing about what will be there in the end.
  const isMain = type === Object.values(route.answers ?? {})[0] || isList;
  return {
    type: 'object',
    required: ['data', ...(isList ? ['links', 'meta'] : []), ...(isMain && needsMeta(route) ? ['meta'] : [])],
    properties: {
      data: isList
        ? { type: 'array', items: resource, description: 'The resources.' }
        : { ...resource, description: 'The resource.' },
      ...(included.length === 0
        ? {}
        : {
            included: {
              type: 'array',
              description: 'The resources that `include` asks for.',
              items: anyOf(included.map((name) => ({ $ref: `#/components/schemas/${name}` }))),
            },
          }),
      links: linksOf(route, isList),
      meta: metaOf(route, { isList, isMain }),
    },
  };
};

const anyOf = ([first = {}, ...others]: Json[]): Json =>
  others.length === 0 ? first : { anyOf: [first, ...others] };

/** Types of the resources that `include` can ask for: those that the relationships of these names lead to. */
const includedTypes = ({ parameters }: Route, type: string): string[] => {
  const include: { items?: { enum?: string[] } } | undefined = parameters.properties['include'];
  const relationships = resourceOf(type)?.relationships ?? {};
  return (include?.items?.enum ?? []).flatMap((name) => relationships[name]?.to ?? []);
};

const link = (description: string): Json => ({
  anyOf: [{ type: 'string' }, { type: 'null' }],
  description,
});

const linksOf = ({ parameters }: Route, isList: boolean): Json => {
  const self = { self: link('What was asked for.') };
  if (!isList || !('page[number]' in parameters.properties)) return { type: 'object', properties: self };
  return {
    type: 'object',
    required: ['self', 'first', 'prev', 'next', 'last'],
    properties: {
      ...self,
      first: link('The first page.'),
      prev: link('The page before; null on the first.'),
      next: link('The page after; null on the last.'),
      last: link('The last page.'),
    },
  };
};

const rulesOf = ({ meta = {} }: Route) => Object.entries(meta) as [keyof typeof metaMembers, string][];
const needsMeta = (route: Route): boolean => rulesOf(route).some(([, rule]) => rule === 'always');

const metaOf = (route: Route, { isList, isMain }: { isList: boolean; isMain: boolean }): Json => {
  const names = rulesOf(route).map(([name]) => name);
  const always = isMain ? rulesOf(route).flatMap(([name, rule]) => (rule === 'always' ? [name] : [])) : [];
  return {
    type: 'object',
    description: 'Facts about the answer.',
    required: [...(isList ? ['total'] : []), ...always],
    properties: Object.fromEntries(
      [...(isList ? (['total'] as const) : []), ...names, 'stale' as const].map((name) => [
        name,
        metaMembers[name],
      ]),
    ),
  };
};

/** An answer that is nothing but facts; of another media type, a text. */
const plainDocument = (route: Route): Json =>
  route.mediaType === undefined ? metaDocument(route) : { type: 'string' };

const metaDocument = (route: Route): Json => ({
  type: 'object',
  required: ['meta'],
  properties: { meta: metaOf(route, { isList: false, isMain: true }) },
});
