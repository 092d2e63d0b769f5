import { faultCatalogue } from '@alfa-cloud/contracts';
import { jsonApiMediaType } from '../http/media-types.ts';
import { positionHeader } from '../http/position.ts';
import { waitMaxSeconds } from '../http/prefer.ts';
import { requestFaults } from '../http/problems.ts';
import { attributesOf } from './attributes.ts';

type Json = Record<string, unknown>;

/** Parts of the description that routes share. */
export const components = (types: readonly string[]): Json => ({
  securitySchemes: { basic: { type: 'http', scheme: 'basic' } },
  parameters: {
    Id: { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
    IdempotencyKey: header(
      'Idempotency-Key',
      { type: 'string', minLength: 1, maxLength: 200 },
      'The same request under one key has one effect and one answer for 24 hours.',
    ),
    Prefer: header(
      'Prefer',
      { type: 'string' },
      `wait=<seconds>, at most ${waitMaxSeconds}: answer at the end.`,
    ),
    Position: header(
      positionHeader,
      { type: 'string', pattern: '^[0-9]{1,20}$' },
      'Position of an earlier answer whose effect this one shall show.',
    ),
    LastEventId: header('Last-Event-ID', { type: 'string' }, 'Id of the last event seen.'),
  },
  responses: {
    Errors: {
      description: 'What is wrong',
      content: { [jsonApiMediaType]: { schema: { $ref: '#/components/schemas/Errors' } } },
    },
  },
  schemas: {
    Resource: resource({ type: 'string' }),
    ...Object.fromEntries(types.map((type) => [type, resource({ const: type }, attributesOf[type])])),
    Errors: errors,
  },
});

const header = (name: string, schema: Json, description: string): Json => ({
  name,
  in: 'header',
  schema,
  description,
});

const resource = (type: Json, attributes: readonly string[] = []): Json => ({
  type: 'object',
  required: ['type', 'id'],
  properties: {
    type,
    id: { type: 'string' },
    attributes: {
      type: 'object',
      ...(attributes.length === 0
        ? {}
        : { properties: Object.fromEntries(attributes.map((name) => [name, {}])) }),
    },
    relationships: { type: 'object' },
    links: { type: 'object' },
  },
});

const errors: Json = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['status', 'code', 'title', 'detail'],
        properties: {
          status: { type: 'string' },
          code: { enum: [...Object.keys(requestFaults), ...Object.keys(faultCatalogue)] },
          title: { type: 'string' },
          detail: { type: 'string' },
          source: {
            type: 'object',
            properties: {
              pointer: { type: 'string' },
              parameter: { type: 'string' },
              header: { type: 'string' },
            },
          },
          meta: { type: 'object' },
        },
      },
    },
  },
};
