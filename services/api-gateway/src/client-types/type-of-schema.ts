type Json = Record<string, unknown>;

/** Names as a union of texts; `never` for none. */
export const union = (names: readonly unknown[]): string =>
  names.length === 0 ? 'never' : names.map(literal).join(' | ');

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value);

/** A name of a member, quoted where it has to be. */
export const key = (name: string): string => (/^[a-z_]\w*$/i.test(name) ? name : `'${name}'`);

/** A JSON Schema as a type of TypeScript, in one line. What it says nothing of is `unknown`. */
export const typeOf = (schema: object): string => {
  const { anyOf, enum: names, const: value, type, items, patternProperties, properties } = schema as Json;
  if (Array.isArray(anyOf)) return anyOf.map((one) => typeOf(one as object)).join(' | ');
  if (Array.isArray(names)) return union(names);
  if (value !== undefined) return literal(value);
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
    case 'null':
      return type;
    case 'integer':
      return 'number';
    case 'array':
      return `(${typeOf(items ?? {})})[]`;
    case 'object':
      return patternProperties === undefined
        ? objectOf(schema as Json, (properties ?? {}) as Json)
        : `Record<string, ${typeOf(Object.values(patternProperties as Json)[0] as object)}>`;
    default:
      return 'unknown';
  }
};

const objectOf = ({ required }: Json, properties: Json): string => {
  const needed = (required ?? []) as string[];
  const members = Object.entries(properties).map(
    ([name, member]) => `${key(name)}${needed.includes(name) ? '' : '?'}: ${typeOf(member as object)}`,
  );
  return members.length === 0 ? 'Record<never, never>' : `{ ${members.join('; ')} }`;
};
