import type { Language } from '@alfa-cloud/contracts';
import { words } from './words.ts';

/** The parts of a JSON Schema that the page shows. */
export interface Schema {
  type?: string;
  format?: string;
  description?: string;
  examples?: unknown[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** A property by its whole name, `steps[].title`. */
export interface Row {
  name: string;
  type: string;
  meaning: string;
  /** What it may be, where that is too much for its type; else none. */
  values: string[];
  /** As JSON; absent: it is made of properties with examples of their own. */
  example?: string;
  isRequired: boolean;
}

/** Every property of an object and of the objects in it, each in a row. */
export const rowsOf = (schema: Schema, language: Language, prefix = ''): Row[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const place = `${prefix}${name}`;
    const example = property.examples?.[0] ?? property.const;
    const row: Row = {
      name: place,
      type: typeOf(property, language),
      meaning: property.description ?? '',
      values: valuesOf(property),
      isRequired: schema.required?.includes(name) === true,
      ...(example === undefined ? {} : { example: JSON.stringify(example) }),
    };
    return [row, ...insideOf(property, language, place)];
  });

const insideOf = (schema: Schema, language: Language, place: string): Row[] => [
  ...rowsOf(schema, language, `${place}.`),
  ...(schema.items === undefined ? [] : insideOf(schema.items, language, `${place}[]`)),
  ...distinct((schema.anyOf ?? []).flatMap((member) => insideOf(member, language, place))),
];

/** Members of a union may have properties of the same name. */
const distinct = (rows: Row[]): Row[] => [...new Map(rows.map((row) => [row.name, row])).values()];

/** More values than these stand beside the meaning. */
const namedMax = 4;

const valuesOf = ({ enum: values = [], items, anyOf = [] }: Schema): string[] => [
  ...(values.length > namedMax ? values.map(String) : []),
  ...(items === undefined ? [] : (items.enum?.map(String) ?? [])),
  ...anyOf.flatMap(valuesOf),
];

/** A type in words. */
export const typeOf = (schema: Schema, language: Language): string => {
  const { types, list, or, object } = words[language];
  const { type = '', format = '', anyOf, items } = schema;
  if (schema.enum !== undefined && schema.enum.length <= namedMax) {
    return schema.enum.map((value) => JSON.stringify(value)).join(` ${or} `);
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (anyOf !== undefined) {
    return [...new Set(anyOf.map((member) => typeOf(member, language)))].join(` ${or} `);
  }
  if (items?.enum !== undefined) return `${list} ${types['string'] ?? object}`;
  if (items !== undefined) return `${list} ${typeOf(items, language)}`;
  return types[format] ?? types[type] ?? object;
};
