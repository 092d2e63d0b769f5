import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Static, TSchema } from 'typebox';
import { type Fault, told } from './faults.ts';
import { formats, formatSentence } from '../values/formats.ts';
import { patternKeyword, sentenceOf } from '../values/pattern-keyword.ts';
import { type Message, message } from '../words/message.ts';

// Verbose: an error carries the schema that it comes from, where the sentence of a pattern stands.
const ajv = new Ajv({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  discriminator: false,
  verbose: true,
});
addFormats.default(ajv, ['date', 'email', 'uuid', 'uri-reference']);
for (const [name, { check }] of Object.entries(formats)) if (check !== undefined) ajv.addFormat(name, check);
ajv.removeKeyword('pattern').addKeyword(patternKeyword);

const compiled = new WeakMap<object, ValidateFunction>();

const validatorOf = (schema: TSchema): ValidateFunction => {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validator = ajv.compile(schema);
  compiled.set(schema, validator);
  return validator;
};

/**
 * Every fault of a value against a schema at once; empty when it conforms.
 * @param base JSON pointer of the value inside the document that its sender wrote
 */
export const faultsOf = (schema: TSchema, value: unknown, base = ''): Fault[] => {
  const validator = validatorOf(schema);
  if (validator(value)) return [];
  return withoutMisses(validator.errors ?? []).map((error) => toFault(error, base));
};

/**
 * A union reports the misses of all its members. Told are only those of the members that were meant, seen by their literals
 * (`kind: "ssh"`); when the literal fits none, the ones that it may be.
 */
const withoutMisses = (errors: ErrorObject[]): ErrorObject[] => {
  let kept = errors;
  for (const union of errors) {
    if (union.keyword !== 'anyOf') continue;
    const prefix = `${union.schemaPath}/`;
    const isOfMember = (error: ErrorObject): boolean => error.schemaPath.startsWith(prefix);
    const members = Map.groupBy(
      kept.filter(isOfMember),
      ({ schemaPath }) => schemaPath.slice(prefix.length).split('/', 1)[0],
    );
    const meant = [...members.values()].filter((own) => own.every(({ keyword }) => keyword !== 'const'));
    const told = meant.length > 0 ? meant.flat() : literalsOf([...members.values()].flat(), union);
    kept = kept.flatMap((error) => (error === union ? told : isOfMember(error) ? [] : [error]));
  }
  return kept;
};

/** One error for the literals that stand at the same place in all members of a union. */
const literalsOf = (errors: ErrorObject[], union: ErrorObject): ErrorObject[] => {
  const literals = errors.filter(({ keyword }) => keyword === 'const');
  const [first] = literals;
  if (first === undefined) return [union];
  const allowedValues = literals
    .filter(({ instancePath }) => instancePath === first.instancePath)
    .map(({ params }) => params['allowedValue'] as unknown);
  return [{ ...first, keyword: 'enum', params: { allowedValues } }];
};

/** True when the value conforms to the schema. */
export const conforms = <T extends TSchema>(schema: T, value: unknown): value is Static<T> =>
  validatorOf(schema)(value);

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const toFault = (error: ErrorObject, base: string): Fault => {
  const place = `${base}${error.instancePath}`;
  if (error.keyword === 'required') {
    const name = String(error.params['missingProperty']);
    const pointer = `${place}/${escapePointer(name)}`;
    return { code: 'required', ...told(message`"${name}" is required`), pointer };
  }
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params['additionalProperty']).slice(0, 100);
    return {
      code: 'unknown_attribute',
      ...told(message`"${name}" is not known here`),
      pointer: `${place}/${escapePointer(name)}`,
    };
  }
  return { code: 'validation_failed', ...told(detailOf(error)), pointer: place };
};

const typeSentences: Readonly<Record<string, Message>> = {
  array: message`must be array`,
  boolean: message`must be boolean`,
  integer: message`must be integer`,
  null: message`must be null`,
  number: message`must be number`,
  object: message`must be object`,
  string: message`must be string`,
};

const asAjvSays = (error: ErrorObject): Message => ({
  template: error.message ?? 'is not valid',
  values: [],
});

const detailOf = (error: ErrorObject): Message => {
  if (error.keyword === 'enum')
    return message`must be one of ${(error.params['allowedValues'] as unknown[]).join(', ')}`;
  if (error.keyword === 'const') return message`must be ${JSON.stringify(error.params['allowedValue'])}`;
  if (error.keyword === 'pattern') return { template: sentenceOf(error.parentSchema), values: [] };
  const limit = String(error.params['limit']);
  switch (error.keyword) {
    case 'format':
      return formatSentence(String(error.params['format']), error.data);
    case 'minimum':
      return message`must be at least ${limit}`;
    case 'maximum':
      return message`must be at most ${limit}`;
    case 'minLength':
      return limit === '1'
        ? message`must have at least 1 character`
        : message`must have at least ${limit} characters`;
    case 'maxLength':
      return message`must have at most ${limit} characters`;
    case 'maxItems':
      return message`must have at most ${limit} entries`;
    case 'uniqueItems':
      return message`must not hold the same entry twice`;
    case 'type':
      return typeSentences[String(error.params['type'])] ?? asAjvSays(error);
    default:
      return asAjvSays(error);
  }
};
