import { told, message, type Fault, faultsOf } from '@alfa-cloud/contracts';
import { type TArray, type TObject, type TSchema, type TString, Type } from 'typebox';
import { toldAbout, type Problem, RequestRefused } from './problems.ts';

/**
 * Reads the query of a URL by a schema that names every parameter: whole numbers, `true` and `false`, and comma lists are turned into what the schema says.
 * @param search text after `?`, without it
 * @throws RequestRefused 400 with every parameter that is unknown, repeated or not valid
 */
export const readParameters = (schema: TObject, search: string): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  const properties: Record<string, TSchema> = schema.properties;
  for (const part of search.split('&')) {
    if (part === '') continue;
    const pair = decodePair(part);
    if (pair === null) {
      problems.push({
        code: 'malformed_request',
        ...told(message`The query has a percent-encoding that is not valid`),
      });
      continue;
    }
    const [name, text] = pair;
    const shown = name.slice(0, 100);
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined) {
      problems.push({
        code: 'unknown_parameter',
        ...told(message`"${shown}" is not known here`),
        source: { parameter: shown },
      });
    } else if (Object.hasOwn(values, name)) {
      problems.push({
        code: 'repeated_parameter',
        ...told(message`"${shown}" can be given once`),
        source: { parameter: shown },
      });
    } else {
      values[name] = valueOf(property, text);
    }
  }
  for (const fault of faultsOf(schema, values)) problems.push(problemOf(fault));
  if (problems.length > 0) throw new RequestRefused(problems);
  return values;
};

/** Schema of a sparse fieldset: a comma list of the names given. */
export const fieldNames = (names: readonly string[]) =>
  Type.Optional(Type.Array(Type.Enum([...names]), { uniqueItems: true }) as TSchema as TArray<TString>);

const decodePair = (part: string): [string, string] | null => {
  const split = part.indexOf('=');
  try {
    const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
    return split < 0 ? [decode(part), ''] : [decode(part.slice(0, split)), decode(part.slice(split + 1))];
  } catch {
    // URIError is the one thing that decoding throws, and it says nothing more than that.
    return null;
  }
};

const valueOf = (schema: TSchema, text: string): unknown => {
  const type = 'type' in schema ? schema.type : undefined;
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'array') return text === '' ? [] : text.split(',');
  return text;
};

const problemOf = (fault: Fault): Problem => {
  const { code, detail, pointer = '' } = fault;
  const name = (pointer.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
  return {
    code: 'invalid_parameter',
    // A value that is missing is named by the detail itself.
    ...(code === 'required' ? told(fault.message ?? detail) : toldAbout(name, fault)),
    source: { parameter: name },
  };
};
