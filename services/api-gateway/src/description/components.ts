import { resourceOf, resourceSchema } from '@alfa-cloud/contracts';
import { jsonApiMediaType } from '../http/media-types.ts';
import { positionHeader } from '../http/position.ts';
import { waitMaxSeconds } from '../http/prefer.ts';
import { errorExamples, errorsSchema } from './errors.ts';
import { exampleOf } from './examples.ts';

type Json = Record<string, unknown>;

/** Parts of the description that routes share. */
export const components = (types: readonly string[]): Json => ({
  securitySchemes: {
    basic: { type: 'http', scheme: 'basic', description: 'Login and password of the administrator.' },
  },
  parameters: {
    Id: {
      name: 'id',
      in: 'path',
      required: true,
      schema: { type: 'string', format: 'uuid' },
      description: 'Id of what the path is about.',
      example: '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90',
    },
    IdempotencyKey: header(
      'Idempotency-Key',
      { type: 'string', minLength: 1, maxLength: 200 },
      'The same request under one key has one effect and one answer for 24 hours.',
      'extend-lab-one-2027',
    ),
    Prefer: header(
      'Prefer',
      { type: 'string' },
      `wait=<seconds>, at most ${waitMaxSeconds}: answer at the end.`,
      'wait=30',
    ),
    Position: header(
      positionHeader,
      { type: 'string', pattern: '^[0-9]{1,20}$' },
      'Position of an earlier answer whose effect this one shall show.',
      '4711',
    ),
    LastEventId: header('Last-Event-ID', { type: 'string' }, 'Id of the last event seen.', '8-0'),
    AcceptLanguage: header(
      'Accept-Language',
      { type: 'string' },
      'Language of the sentences for people: `en` (default) or `ru`.',
      'ru',
    ),
  },
  responses: {
    Errors: {
      description: 'What is wrong: every fault at once, each with its code and its place in the request.',
      content: {
        [jsonApiMediaType]: { schema: { $ref: '#/components/schemas/Errors' }, examples: errorExamples() },
      },
    },
  },
  schemas: { ...resourceSchemas(types), Errors: errorsSchema() },
});

/** Schemas of resources by type. @throws Error for a type that is not declared */
const resourceSchemas = (types: readonly string[]): Json =>
  Object.fromEntries(
    types.map((type) => {
      const definition = resourceOf(type);
      if (definition === undefined) throw new Error(`Resource type ${type} is not declared`);
      const schema = { title: definition.title.en, ...resourceSchema(definition) };
      return [type, { ...schema, examples: [exampleOf(schema)] }];
    }),
  );

const header = (name: string, schema: Json, description: string, example: string): Json => ({
  name,
  in: 'header',
  schema,
  description,
  example,
});
