import { types } from 'node:util';
import { stdSerializers } from 'pino';
import { saysEngineIsAway } from './away.ts';

/** Names under which a secret could stand in a logged object; their values are replaced. */
const secretNames = new Set([
  'password',
  'ownerPassword',
  'currentPassword',
  'newPassword',
  'privateKey',
  'passphrase',
  'credentials',
  'authorization',
  'secrets',
  'personal',
  'masterKey',
  'hash',
]);

const censor = '[redacted]';

/** Levels looked through; what lies deeper is left out, and cycles end here. */
const levelsMax = 8;

/**
 * What is logged, with errors in words and without what could be secret, at every level; the same object when there is nothing to change.
 * Walks what is logged once, which for a line of few plain members costs a fraction of pino's own wildcard paths.
 */
export const redacted = (object: Record<string, unknown>): Record<string, unknown> =>
  membersOf(object, levelsMax) as Record<string, unknown>;

const redactedValue = (value: unknown, levels: number): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return censor;
  const plain = isError(value) ? worded(value) : jsonOf(value);
  return typeof plain === 'object' && plain !== null ? membersOf(plain, levels) : plain;
};

/** By shape as well: some of Node's errors, as `AbortError`, are no native ones. */
const isError = (value: object): value is Error =>
  types.isNativeError(value) ||
  ('stack' in value &&
    typeof value.stack === 'string' &&
    'message' in value &&
    typeof value.message === 'string');

/** With its stack, by which a fault of the program is found; there is none to find when an engine is merely away. */
const worded = (error: Error): object => {
  const plain = stdSerializers.err(error);
  if (!saysEngineIsAway(error)) return plain;
  const { type, message, code } = plain;
  return { type, message, ...(code === undefined ? {} : { code: code as unknown }) };
};

/** As `JSON.stringify` will see it. */
const jsonOf = (value: object): unknown =>
  'toJSON' in value && typeof value.toJSON === 'function' ? (value.toJSON() as unknown) : value;

const membersOf = (value: object, levels: number): object => {
  let changed: Record<string, unknown> | unknown[] | null = null;
  for (const [name, member] of Object.entries(value)) {
    const shown = secretNames.has(name) && member !== undefined ? censor : redactedValue(member, levels - 1);
    if (shown === member) continue;
    changed ??= Array.isArray(value) ? [...(value as unknown[])] : { ...value };
    (changed as Record<string, unknown>)[name] = shown;
  }
  return changed ?? value;
};
