import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Static, TSchema } from 'typebox';
import type { Fault } from './faults.ts';

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, discriminator: false });
addFormats.default(ajv, ['date', 'date-time', 'email']);

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
  const errors = validator.errors ?? [];
  // A union reports the misses of all its members; the summary line alone says nothing when a member's own fault is there.
  const useful = errors.filter((error) => error.keyword !== 'anyOf');
  return (useful.length > 0 ? useful : errors).map((error) => toFault(error, base));
};

/** True when the value conforms to the schema. */
export const conforms = <T extends TSchema>(schema: T, value: unknown): value is Static<T> =>
  validatorOf(schema)(value);

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const toFault = (error: ErrorObject, base: string): Fault => {
  const place = `${base}${error.instancePath}`;
  if (error.keyword === 'required') {
    const name = String(error.params['missingProperty']);
    return { code: 'required', detail: `"${name}" is required`, pointer: `${place}/${escapePointer(name)}` };
  }
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params['additionalProperty']).slice(0, 100);
    return {
      code: 'unknown_attribute',
      detail: `"${name}" is not known here`,
      pointer: `${place}/${escapePointer(name)}`,
    };
  }
  return { code: 'validation_failed', detail: detailOf(error), pointer: place };
};

const detailOf = (error: ErrorObject): string => {
  if (error.keyword === 'enum')
    return `must be one of ${(error.params['allowedValues'] as unknown[]).join(', ')}`;
  if (error.keyword === 'const') return `must be ${JSON.stringify(error.params['allowedValue'])}`;
  if (error.keyword === 'pattern') return 'has characters or a form that are not allowed here';
  return error.message ?? 'is not valid';
};
