type Json = Record<string, unknown>;

const byFormat: Readonly<Record<string, string>> = {
  date: '2027-12-31',
  'date-time': '2026-11-22T18:00:00.000Z',
  email: 'lab@example.org',
  'idn-email': 'lab@example.org',
  'idn-hostname': 'lab.example.org',
  uuid: '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90',
  'uri-reference': '/operations/5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90',
};

const byType: Readonly<Record<string, unknown>> = { boolean: true, null: null, object: {}, array: [] };

/**
 * A value that conforms to a schema without references: its own example, else one put together from those of its parts.
 */
export const exampleOf = (schema: Json): unknown => {
  const example = (part: unknown) => exampleOf(part as Json);
  const {
    examples,
    enum: values,
    anyOf,
    type,
    format,
    items,
    properties,
    minimum,
    pattern,
    description,
  } = schema;
  if (Array.isArray(examples)) return examples[0];
  if ('const' in schema) return schema['const'];
  if (Array.isArray(values)) return values[0];
  if (Array.isArray(anyOf)) return example(anyOf[0]);
  if (properties !== undefined) {
    return Object.fromEntries(
      Object.entries(properties as Json).map(([name, part]) => [name, example(part)]),
    );
  }
  if (items !== undefined) return [example(items)];
  if (pattern !== undefined && typeof description === 'string') return exampleInSentence(description);
  if (typeof format === 'string') return byFormat[format];
  if (type === 'integer' || type === 'number') return minimum ?? 1;
  return typeof type === 'string' && type in byType ? byType[type] : 'text';
};

/** What stands in the sentence of a pattern: `must be … like "lab-one"`. */
const exampleInSentence = (sentence: string): string | undefined => /"([^"]+)"$/.exec(sentence)?.[1];
