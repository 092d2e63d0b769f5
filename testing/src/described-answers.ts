import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Json = Record<string, unknown>;

/** An answer of the API as a caller got it. */
export interface ReceivedAnswer {
  method: string;
  /** With its query. */
  path: string;
  status: number;
  contentType: string;
  text: string;
}

export interface DescribedAnswers {
  /** What of the answer is not as the description says, an attribute that it does not name included; empty when all is. */
  faultsOf: (answer: ReceivedAnswer) => string[];
}

/** Compares answers with the description of the API that gives them: what is told of an answer and what it is can't drift apart. */
export const describedAnswers = (description: object): DescribedAnswers => {
  const paths = Object.keys((description as { paths: Json }).paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  // `/clients/create` is met before `/clients/{id}` takes it for an id.
  paths.sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));
  const whole = validatorsOf(description);
  const sparse = validatorsOf(description, leavesOut);
  return {
    faultsOf: ({ method, path, status, contentType, text }) => {
      if (!contentType.includes('json') || text === '') return [];
      const [name = '', query = ''] = path.split('?');
      const route = paths.find(({ pattern }) => pattern.test(name))?.path ?? null;
      const validators = /(?:^|&)fields(?:\[|%5B)/i.test(query) ? sparse : whole;
      const validate = validators(placeOf(description, { route, method, status }));
      const document: unknown = JSON.parse(text);
      if (validate(document)) return [];
      const errors = validate.errors ?? [];
      return errors.map(
        ({ instancePath, message, params }) =>
          `${method} ${path} ${status}: ${instancePath} ${message} ${JSON.stringify(params)}`,
      );
    },
  };
};

/** JSON pointer to the schema of an answer. @throws Error when the answer is not described */
const placeOf = (
  description: object,
  { route, method, status }: { route: string | null; method: string; status: number },
): string => {
  const errors = '/components/schemas/Errors';
  if (route === null) return errors;
  const keys = ['paths', route, method.toLowerCase(), 'responses', String(status)];
  const response = keys.reduce<Json | undefined>(
    (found, key) => found?.[key] as Json | undefined,
    description as Json,
  );
  if (response === undefined) {
    if (status >= 400) return errors;
    throw new Error(`${method} ${route} has answered ${status}, which is not described`);
  }
  const [mediaType = ''] = Object.keys((response['content'] as Json | undefined) ?? {});
  return `/${[...keys, 'content', mediaType, 'schema'].map(escaped).join('/')}`;
};

const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

const validatorsOf = (description: object, change = (schema: Json): Json => schema) => {
  let ajv: Ajv2020 | undefined;
  const compiled = new Map<string, ValidateFunction>();
  return (place: string): ValidateFunction => {
    if (ajv === undefined) {
      // A description is no schema: it has members of its own around them.
      ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
      addFormats.default(ajv);
      ajv.addSchema(closed(change(description as Json)) as Json, 'description');
    }
    const known = compiled.get(place) ?? ajv.compile({ $ref: `description#${place}` });
    compiled.set(place, known);
    return known;
  };
};

/** Refuses members that are not described: a description leaves room for later ones, a test does not. */
const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  const isOpen = 'properties' in members && !('additionalProperties' in members);
  return isOpen && members['type'] === 'object' ? { ...members, additionalProperties: false } : members;
};

/** Resources of which `fields` may have left out anything. */
const leavesOut = (description: Json): Json => {
  const sparse = structuredClone(description) as { components: { schemas: Record<string, Resource> } };
  for (const { properties, required } of Object.values(sparse.components.schemas)) {
    delete properties?.attributes?.required;
    delete properties?.relationships?.required;
    const place = required?.indexOf('relationships') ?? -1;
    if (place >= 0) required?.splice(place, 1);
  }
  return sparse;
};

interface Resource {
  required?: string[];
  properties?: { attributes?: { required?: string[] }; relationships?: { required?: string[] } };
}
