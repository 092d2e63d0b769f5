import type { TObject, TSchema } from 'typebox';
import type { BodyRule, Route } from '../http/route.ts';
import { jsonApiMediaType } from '../http/media-types.ts';
import { describeAnswers, typesOf } from './answers.ts';
import { components } from './components.ts';
import { exampleOf } from './examples.ts';
import { parameterSentence } from './parameters.ts';
import { attributeSentence } from './request-attributes.ts';
import { tagOf, tags } from './tags.ts';

type Json = Record<string, unknown>;

const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });

/** OpenAPI 3.1 document of a table of routes. @throws Error when a part of it has no description */
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
      description:
        'Servers, clients and everything that is done with them. JSON:API 1.1: attributes may be added to answers, none is taken away. `fields[…]` leaves out what it does not name.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The address that this description was read from.' }],
    security: [{ basic: [] }],
    tags: tags(routes.map(({ path }) => path)),
    paths,
    components: components([...new Set(routes.flatMap(typesOf))].toSorted()),
  };
};

const describeRoute = (route: Route): Json => ({
  operationId: operationIdOf(route),
  summary: route.summary,
  tags: [tagOf(route.path)],
  ...(route.open === true ? { security: [] } : {}),
  parameters: [
    ...(route.path.includes('{id}') ? [ref('parameters', 'Id')] : []),
    ...describeParameters(route),
    ...headerParameters(route).map((name) => ref('parameters', name)),
  ],
  ...(route.body === undefined ? {} : { requestBody: describeBody(route.body) }),
  responses: {
    ...describeAnswers(route),
    '4XX': ref('responses', 'Errors'),
    default: ref('responses', 'Errors'),
  },
});

/** `GET /clients/{id}/create_log` → `get_clients_id_create_log`. */
const operationIdOf = ({ method, path }: Route): string =>
  `${method.toLowerCase()}${path.replaceAll(/[^a-z_]+/g, '_')}`.replace(/_$/, '');

const describeParameters = (route: Route): Json[] => {
  const { parameters }: { parameters: TObject } = route;
  const required: readonly string[] = parameters.required ?? [];
  return Object.entries<TSchema & { description?: string }>(parameters.properties).map(([name, schema]) => ({
    name,
    in: 'query',
    description: parameterSentence(route, name),
    ...(required.includes(name) ? { required: true } : {}),
    schema,
    example: exampleOf({ ...schema }),
    ...('type' in schema && schema.type === 'array' ? { style: 'form', explode: false } : {}),
  }));
};

/** True for a route that sends a command. */
const isCommand = ({ method, acts }: Route): boolean => method !== 'GET' || acts === true;

const headerParameters = (route: Route): string[] => [
  ...(isCommand(route) ? ['IdempotencyKey'] : []),
  ...(isCommand(route) || route.path === '/operations/{id}' ? ['Prefer'] : []),
  ...(route.open === true ? [] : ['Position', 'AcceptLanguage']),
  ...(route.offersEvents === true ? ['LastEventId'] : []),
];

const describeBody = (rule: BodyRule): Json => {
  const { type, relationships, required, mayCarryPathId } = rule;
  const names = Object.keys(relationships);
  const demanded = names.filter((name) => relationships[name]?.required === true);
  const schema: Json = {
    type: 'object',
    required: ['data'],
    properties: {
      data: {
        type: 'object',
        description: 'The resource.',
        required: ['type', 'attributes', ...(demanded.length > 0 ? ['relationships'] : [])],
        properties: {
          type: { const: type },
          ...(mayCarryPathId === true ? { id: { type: 'string', format: 'uuid' } } : {}),
          attributes: describeAttributes(rule),
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

const describeAttributes = ({ type, attributes }: BodyRule): Json => ({
  ...attributes,
  properties: Object.fromEntries(
    Object.entries<TSchema>(attributes.properties).map(([name, schema]) => [
      name,
      { ...schema, description: attributeSentence(type, name, schema), examples: [exampleOf({ ...schema })] },
    ]),
  ),
});

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
