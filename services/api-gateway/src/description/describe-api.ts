import type { TObject, TSchema } from 'typebox';
import { eventStreamMediaType, jsonApiMediaType } from '../http/media-types.ts';
import type { BodyRule, Route } from '../http/route.ts';
import { components } from './components.ts';

type Json = Record<string, unknown>;

const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });

/** OpenAPI 3.1 document of a table of routes. */
export const describeApi = (routes: readonly Route[]): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const operations = (paths[route.path] ??= {});
    operations[route.method.toLowerCase()] = describeRoute(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Alfa Cloud',
      version: '1',
      description: 'Servers, clients and everything that is done with them. JSON:API 1.1.',
    },
    security: [{ basic: [] }],
    paths,
    components: components(resourceTypes(routes)),
  };
};

const describeRoute = (route: Route): Json => ({
  operationId: operationIdOf(route),
  summary: route.summary,
  tags: [route.path.split('/')[1]],
  ...(route.open === true ? { security: [] } : {}),
  parameters: [
    ...(route.path.includes('{id}') ? [ref('parameters', 'Id')] : []),
    ...describeParameters(route.parameters),
    ...headerParameters(route).map((name) => ref('parameters', name)),
  ],
  ...(route.body === undefined ? {} : { requestBody: describeBody(route.body) }),
  responses: describeResponses(route),
});

/** `GET /clients/{id}/create_log` → `get_clients_id_create_log`. */
const operationIdOf = ({ method, path }: Route): string =>
  `${method.toLowerCase()}${path.replaceAll(/[^a-z_]+/g, '_')}`.replace(/_$/, '');

const describeParameters = (parameters: TObject): Json[] => {
  const required: readonly string[] = parameters.required ?? [];
  return Object.entries<TSchema>(parameters.properties).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(required.includes(name) ? { required: true } : {}),
    schema,
    ...('type' in schema && schema.type === 'array' ? { style: 'form', explode: false } : {}),
  }));
};

/** True for a route that sends a command. */
const isCommand = ({ method, acts }: Route): boolean => method !== 'GET' || acts === true;

const headerParameters = (route: Route): string[] => [
  ...(isCommand(route) ? ['IdempotencyKey'] : []),
  ...(isCommand(route) || route.path === '/operations/{id}' ? ['Prefer'] : []),
  ...(route.open === true ? [] : ['Position']),
  ...(route.offersEvents === true ? ['LastEventId'] : []),
];

const describeBody = ({ type, attributes, relationships, required, mayCarryPathId }: BodyRule): Json => {
  const names = Object.keys(relationships);
  const demanded = names.filter((name) => relationships[name]?.required === true);
  const schema: Json = {
    type: 'object',
    required: ['data'],
    properties: {
      data: {
        type: 'object',
        required: ['type', 'attributes', ...(demanded.length > 0 ? ['relationships'] : [])],
        properties: {
          type: { const: type },
          ...(mayCarryPathId === true ? { id: { type: 'string', format: 'uuid' } } : {}),
          attributes,
          ...(names.length === 0
            ? {}
            : {
                relationships: {
                  type: 'object',
                  additionalProperties: false,
                  required: demanded,
                  properties: Object.fromEntries(
                    names.map((name) => [name, linkageTo(relationships[name]?.type)]),
                  ),
                },
              }),
        },
      },
    },
  };
  return {
    required: required !== false,
    content: { [jsonApiMediaType]: { schema }, 'application/json': { schema } },
  };
};

const linkageTo = (type: string | undefined): Json => ({
  type: 'object',
  required: ['data'],
  properties: {
    data: {
      type: 'object',
      required: ['type', 'id'],
      properties: { type: { const: type }, id: { type: 'string', format: 'uuid' } },
    },
  },
});

const statusWords: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Taken; the operation tells what comes of it',
  204: 'Nothing more to come',
};

const describeResponses = (route: Route): Json => {
  const successes = Object.entries(route.answers ?? { 200: '' }).map(([status, types]) => {
    const content: Json = status === '204' ? {} : { [mediaTypeOf(route)]: { schema: documentOf(types) } };
    if (route.offersEvents === true && status === '200') {
      content[eventStreamMediaType] = { schema: { type: 'string' } };
    }
    return [status, { description: statusWords[status], ...(status === '204' ? {} : { content }) }] as const;
  });
  return { ...Object.fromEntries(successes), default: ref('responses', 'Errors') };
};

const mediaTypeOf = ({ path }: Route): string =>
  path === '/openapi.json' ? 'application/json' : jsonApiMediaType;

const documentOf = (type: string): Json => {
  if (type === '') return { type: 'object' };
  const isList = type.endsWith('[]');
  const resource = ref('schemas', schemaNameOf(type));
  return {
    type: 'object',
    required: ['data'],
    properties: {
      data: isList ? { type: 'array', items: resource } : resource,
      included: { type: 'array', items: ref('schemas', 'Resource') },
      links: { type: 'object' },
      meta: { type: 'object' },
    },
  };
};

/** `users-counts[]` → `users-counts`. */
const schemaNameOf = (type: string): string => type.replace('[]', '');

const resourceTypes = (routes: readonly Route[]): string[] => {
  const types = routes.flatMap(({ answers }) => Object.values(answers ?? {})).map(schemaNameOf);
  return [...new Set(types)].filter((type) => type !== '').toSorted();
};
