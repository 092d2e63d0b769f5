import type { AnySchemaObject, FuncKeywordDefinition } from 'ajv';

/** What a pattern allows, in the words beside it; see `patterned`. @throws Error when the schema has none */
export const sentenceOf = (schema: AnySchemaObject | undefined): string => {
  const says: unknown = schema?.['description'];
  if (typeof says === 'string') return says;
  throw new Error(`The pattern ${String(schema?.['pattern'])} has no sentence that says what it allows`);
};

/** `pattern` of JSON Schema, but a schema with a pattern and without a sentence for people does not compile. */
export const patternKeyword: FuncKeywordDefinition = {
  keyword: 'pattern',
  type: 'string',
  schemaType: 'string',
  compile(pattern: string, schema) {
    sentenceOf(schema);
    const expression = new RegExp(pattern, 'u');
    return (text: string) => expression.test(text);
  },
};
