import { type TProperties, type TSchema, Type } from 'typebox';

/**
 * Properties of answers. Each says in a sentence what it means and shows an example; what is made of properties needs no example of its own.
 * Numbers have their unit in the name.
 */
export const text = (description: string, example: string) =>
  Type.String({ description, examples: [example] });

export const exampleId = '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90';
export const idOf = (description: string) =>
  Type.String({ format: 'uuid', description, examples: [exampleId] });

/** RFC 3339, UTC. */
export const moment = (description: string, example = '2026-11-22T18:00:00.000Z') =>
  Type.String({ format: 'date-time', description, examples: [example] });

export const day = (description: string) =>
  Type.String({ format: 'date', description, examples: ['2027-12-31'] });

/** A whole number that is not negative. */
export const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

export const quantity = (description: string, example: number) =>
  Type.Number({ description, examples: [example] });

export const flag = (description: string, example = false) =>
  Type.Boolean({ description, examples: [example] });

export const oneOf = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Unsafe<Names[number]>({ type: 'string', enum: [...names], description, examples: [names[0]] });

export const part = <Properties extends TProperties>(properties: Properties, description: string) =>
  Type.Object(properties, { description });

export const listOf = <Item extends TSchema>(items: Item, description: string) =>
  Type.Array(items, { description });

/** What it means when it is null stands in the description. */
export const orNull = <Schema extends TSchema>(schema: Schema) => {
  const { description, examples, ...bare } = schema as Schema & {
    description?: string;
    examples?: unknown[];
  };
  return Type.Union([bare as unknown as Schema, Type.Null()], {
    ...(description === undefined ? {} : { description }),
    ...(examples === undefined ? {} : { examples }),
  });
};

/** Why something is as it is, as it is shown. */
export const shownReason = {
  code: text('Slug of the reason, for programs; it does not change.', 'server_unreachable'),
  reason: text('The reason as a sentence in the language asked for.', 'Server cloud-1 does not answer'),
};

/** A reason, or null. */
export const reasonOrNull = (description: string) => orNull(part(shownReason, description));

/** One fault, as `errors[]` of JSON:API has it. */
export const shownFault = Type.Object({
  status: text('HTTP status that the fault would be answered with.', '409'),
  code: text('Slug of the fault, for programs; it does not change.', 'server_full'),
  title: text('What kind of fault it is, in the language asked for.', 'Server is full'),
  detail: text('What is wrong, in the language asked for.', 'Server cloud-1 takes no more clients'),
  source: Type.Optional(
    part(
      {
        pointer: Type.Optional(
          text('JSON pointer into the document that was sent.', '/data/attributes/slug'),
        ),
        parameter: Type.Optional(text('Name of the query parameter.', 'targetServer')),
        header: Type.Optional(text('Name of the header.', 'Idempotency-Key')),
      },
      'Place of the fault in the request.',
    ),
  ),
  meta: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Facts about the fault, e.g. the id of the operation that is in the way.',
      examples: [{ operationId: exampleId }],
    }),
  ),
});
