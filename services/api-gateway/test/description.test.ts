import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { faultsOf } from '@alfa-cloud/contracts';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { patternsOf } from '@alfa-cloud/contracts/testing';
import { clientId, operationId, type Reply, type RunningGateway, serverId, startGateway } from './support.ts';

interface Operation {
  operationId: string;
  security?: unknown[];
  parameters: { $ref?: string; name?: string }[];
  requestBody?: { required: boolean; content: Record<string, unknown> };
  responses: Record<string, unknown>;
}
interface Resource {
  type: string;
  attributes: object;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
}

let gateway: RunningGateway;
let reply: Reply;
let description: Description;
beforeAll(async () => {
  gateway = await startGateway();
  reply = await gateway.send('/openapi.json', { headers: { accept: 'application/json' } });
  description = JSON.parse(reply.text) as Description;
});
afterAll(() => gateway.stop());

const operations = (): Operation[] => Object.values(description.paths).flatMap((path) => Object.values(path));

test('the description is told as JSON, to who has credentials', async () => {
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toBe('application/json');
  expect(description.openapi).toBe('3.1.0');
  expect((await gateway.send('/openapi.json', { headers: { authorization: '' } })).status).toBe(401);
  expect((await gateway.send('/openapi.json', { method: 'HEAD' })).headers['content-length']).toBe(
    reply.headers['content-length'],
  );
});

test('every route of the table is in the description, and nothing else', () => {
  const described = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = gateway.gateway.routes.map(({ method, path }) => `${method} ${path}`);
  expect(described.toSorted()).toEqual(served.toSorted());
  expect(served).toContain('GET /openapi.json');
});

test('every reference leads somewhere and every operation has a name of its own', () => {
  const references = [...reply.text.matchAll(/"\$ref":"#\/components\/([^/"]+)\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(50);
  for (const [, kind = '', name = ''] of references) {
    expect([kind, name, description.components[kind]?.[name]]).toEqual([kind, name, expect.anything()]);
  }
  const ids = operations().map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a public linter finds no error, and to warn of only paths that the customer has given', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: reply.text, absoluteRef: '/openapi.json', config });
  const others = problems.filter(({ ruleId }) => ruleId !== 'no-ambiguous-paths');
  expect(others.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('every resource is shown by an example that conforms', () => {
  const { Errors: _, ...schemas } = description.components['schemas'] ?? {};
  expect(Object.keys(schemas).length).toBeGreaterThan(20);
  for (const [type, schema] of Object.entries(schemas)) {
    const { examples } = schema as { examples: unknown[] };
    expect([type, examples.length, faultsOf(schema as never, examples[0])]).toEqual([type, 1, []]);
  }
});

test('every code of an error has an example with its status', () => {
  const { responses, schemas } = description.components as {
    responses: { Errors: { content: Record<string, { examples: Record<string, unknown> }> } };
    schemas: { Errors: { properties: { errors: { items: { properties: { code: { enum: string[] } } } } } } };
  };
  const [content] = Object.values(responses.Errors.content);
  expect(Object.keys(content?.examples ?? {})).toEqual(
    schemas.Errors.properties.errors.items.properties.code.enum,
  );
  expect(content?.examples['not_found']).toMatchObject({ value: { errors: [{ status: '404' }] } });
});

test('documents, parameters, statuses and what is open are described as they are served', () => {
  const create = description.paths['/clients/create']?.['post'];
  expect(create?.requestBody).toMatchObject({
    required: true,
    content: {
      'application/vnd.api+json': {
        schema: {
          properties: {
            data: {
              properties: {
                type: { const: 'clients' },
                attributes: { properties: { slug: { maxLength: 40 } } },
                relationships: { properties: { server: expect.anything() } },
              },
            },
          },
        },
      },
    },
  });
  expect(Object.keys(create?.responses ?? {})).toEqual(['200', '202', '4XX', 'default']);
  expect(description.paths['/clients/{id}/maintain_enable']?.['post']?.requestBody?.required).toBe(false);
  const reboot = description.paths['/clients/{id}/reboot']?.['get'];
  expect(reboot?.parameters.map(({ $ref }) => $ref?.split('/').at(-1))).toEqual([
    'Id',
    'IdempotencyKey',
    'Prefer',
    'Position',
    'AcceptLanguage',
  ]);
  expect(description.paths['/clients/{id}/switch']?.['post']?.parameters).toContainEqual(
    expect.objectContaining({ name: 'targetImage', in: 'query', required: true }),
  );
  const remove = description.paths['/clients/{id}']?.['delete'];
  expect(remove?.parameters).toContainEqual(
    expect.objectContaining({
      name: 'withoutBackup',
      in: 'query',
      description: expect.stringContaining('no backup'),
      schema: expect.objectContaining({ type: 'boolean' }),
    }),
  );
  expect(Object.keys(remove?.responses ?? {})).toEqual(['200', '202', '4XX', 'default']);
  expect(description.paths['/clients']?.['get']?.parameters).toContainEqual(
    expect.objectContaining({ name: 'sort', in: 'query', style: 'form', explode: false }),
  );
  expect(description.paths['/health/live']?.['get']?.security).toEqual([]);
  expect(reboot?.security).toBeUndefined();
});

test.each([
  '/servers',
  `/servers/${serverId}/images`,
  '/images',
  '/clients',
  `/clients/${clientId}/create_log`,
  `/clients/${clientId}/backups`,
  `/clients/${clientId}/settings`,
  `/clients/${clientId}/logs`,
  '/clients/migrate_all?dryRun=true',
  '/operations',
  `/operations/${operationId}/log`,
])('%s answers with the attributes that are described', async (path) => {
  const { data } = (await gateway.send(path)).json as { data: Resource | Resource[] };
  for (const { type, attributes } of [data].flat()) {
    const described = description.components['schemas']?.[type] as Resource & {
      properties: { attributes: { properties: object } };
    };
    expect(Object.keys(described.properties.attributes.properties)).toEqual(
      expect.arrayContaining(Object.keys(attributes)),
    );
  }
});

test('every pattern of a path says what it allows, with an example that is, and gets it told', () => {
  const patterns = patternsOf(
    gateway.gateway.routes.map(({ parameters, body }) => [parameters, body?.attributes]),
  );
  expect(patterns.length).toBeGreaterThan(20);
  for (const { schema, pattern, description: says = '', example = '' } of patterns) {
    expect([pattern, says]).toEqual([pattern, expect.stringMatching(/^must [^"]+ like "[^"]+"$/)]);
    expect(faultsOf(schema, example)).toEqual([]);
    expect(faultsOf(schema, '\u0007 \u0007').map(({ detail }) => detail)).toContain(says);
  }
});

test('who sends a value of a wrong form reads what is allowed', async () => {
  const { json } = await gateway.send('/clients?filter[search]=a%00b');
  expect(json.errors).toMatchObject([
    { detail: '"filter[search]" must be without control characters, like "first lab"' },
  ]);
});
