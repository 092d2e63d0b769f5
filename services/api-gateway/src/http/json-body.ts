import { told, type Message, message } from '@alfa-cloud/contracts';
import { jsonErrorOffset } from './json-place.ts';
import { type Problem, refuse } from './problems.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads JSON text.
 * @throws RequestRefused 400 that says line and column, never the text itself: it may hold a secret
 */
export const parseJson = (bytes: Uint8Array): unknown => {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw refuse('malformed_json', message`The document is not UTF-8 text`, { pointer: '' });
  }
  try {
    return JSON.parse(text);
  } catch {
    // Its message would quote the document.
    throw refuse('malformed_json', placeOf(text), { pointer: '' });
  }
};

const placeOf = (text: string): Message => {
  const offset = jsonErrorOffset(text);
  if (offset >= text.length) return message`The document ends too early, after ${text.length} characters`;
  const before = text.slice(0, offset).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return message`The document stops being JSON at line ${before.length}, column ${column} (character ${offset + 1})`;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A to-one relationship that a request may carry: type of the resource it points to. */
export interface RelationshipRule {
  type: string;
  required: boolean;
}

/** The resource that a request carries, its members not yet checked by a schema. */
export interface ResourceInput {
  attributes: unknown;
  /** Ids by relationship name. */
  relationships: Record<string, string>;
  problems: Problem[];
}

/**
 * Takes the JSON:API envelope off a new resource and collects what is wrong with it.
 * Members unknown to JSON:API are ignored, as it demands; unknown relationships are refused.
 */
export const readResource = (
  document: unknown,
  expected: {
    type: string;
    relationships: Readonly<Record<string, RelationshipRule>>;
    /** Absent: the document may not carry an id. */
    id?: string;
  },
): ResourceInput => {
  const problems: Problem[] = [];
  const data = isObject(document) ? document['data'] : undefined;
  if (!isObject(data)) {
    const detail = message`The document must be an object with a member "data" that holds one resource object`;
    return {
      attributes: {},
      relationships: {},
      problems: [
        {
          code: 'malformed_document',
          ...told(detail),
          source: { pointer: isObject(document) ? '/data' : '' },
        },
      ],
    };
  }
  problems.push(...identityProblems(data, expected));
  const attributes = data['attributes'] ?? {};
  if (!isObject(attributes)) problems.push(malformed(message`must be an object`, '/data/attributes'));
  const relationships = readRelationships(data['relationships'] ?? {}, expected.relationships, problems);
  return { attributes: isObject(attributes) ? attributes : {}, relationships, problems };
};

const malformed = (detail: Message, pointer: string): Problem => ({
  code: 'validation_failed',
  ...told(detail),
  source: { pointer },
});

const identityProblems = (
  data: Record<string, unknown>,
  { type, id }: { type: string; id?: string },
): Problem[] => {
  const problems: Problem[] = [];
  if (id !== undefined && Object.hasOwn(data, 'id')) {
    if (data['id'] !== id) {
      problems.push({
        code: 'id_not_accepted',
        ...told(message`The id must be the one of the path`),
        source: { pointer: '/data/id' },
      });
    }
  } else if (Object.hasOwn(data, 'id')) {
    problems.push({
      code: 'client_generated_id',
      ...told(message`The id is given by the server; leave it out`),
      source: { pointer: '/data/id' },
    });
  }
  if (typeof data['type'] !== 'string') {
    problems.push({
      code: 'required',
      ...told(message`"type" must be "${type}"`),
      source: { pointer: '/data/type' },
    });
  } else if (data['type'] !== type) {
    problems.push({
      code: 'type_not_accepted',
      ...told(message`Resources of this path have the type "${type}"`),
      source: { pointer: '/data/type' },
    });
  }
  return problems;
};

const readRelationships = (
  given: unknown,
  rules: Readonly<Record<string, RelationshipRule>>,
  problems: Problem[],
): Record<string, string> => {
  const base = '/data/relationships';
  const ids: Record<string, string> = {};
  if (!isObject(given)) {
    problems.push(malformed(message`must be an object`, base));
    return ids;
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(rules, name)) continue;
    const shown = name.slice(0, 100);
    problems.push({
      code: 'unknown_attribute',
      ...told(message`"${shown}" is not known here`),
      source: { pointer: `${base}/${shown.replaceAll('~', '~0').replaceAll('/', '~1')}` },
    });
  }
  for (const [name, rule] of Object.entries(rules)) {
    if (!Object.hasOwn(given, name)) {
      if (rule.required) {
        problems.push({
          code: 'required',
          ...told(message`"${name}" is required`),
          source: { pointer: `${base}/${name}` },
        });
      }
      continue;
    }
    const relationship = given[name];
    const linkage = isObject(relationship) ? relationship['data'] : undefined;
    if (!isObject(linkage) || linkage['type'] !== rule.type || typeof linkage['id'] !== 'string') {
      problems.push(malformed(message`must be {"type": "${rule.type}", "id": …}`, `${base}/${name}/data`));
    } else {
      ids[name] = linkage['id'];
    }
  }
  return ids;
};
