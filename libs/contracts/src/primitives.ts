import { Type, type Static, type TSchema } from 'typebox';

/** UUID in its canonical lower-case form. */
export const Id = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' });

/** RFC 3339 moment in UTC, millisecond precision: `2026-11-22T18:00:00.000Z`. */
export const Instant = Type.String({ format: 'date-time' });

/** Calendar day, `YYYY-MM-DD`. A client may be used to the end of this day in the zone of the installation. */
export const CalendarDate = Type.String({ format: 'date' });

/**
 * Technical name of a client: safe at once as a DNS label, Docker name, file name and (after `alfa_`) SQL identifier.
 * Lower-case letters, digits and single inner hyphens; begins with a letter; at most 40 characters.
 */
export const Slug = Type.String({ pattern: '^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,39}$', maxLength: 40 });

/** DNS name of at least one label, lower case, without a trailing dot. */
export const DomainName = Type.String({
  pattern: '^(?=.{1,190}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$',
  maxLength: 190,
});

/** Docker image reference: repository with an optional registry and tag, or a digest. */
export const ImageReference = Type.String({
  pattern:
    '^[a-z0-9]+(?:[._-][a-z0-9]+)*(?::[0-9]{1,5})?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$',
  maxLength: 255,
});

/** A line of text for people: no control characters, so it can stand in a log line, a mail header or a page title. */
export const line = (maxLength: number) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f\\u2028\\u2029]*$',
  });

/** A secret or personal value sealed by `libs/secrets`: `v1.<scope>.<nonce>.<ciphertext and tag>`, base64url. */
export const Sealed = Type.String({ pattern: '^v1\\.' });

/** What a container may use. Memory in MiB, CPUs as a number of cores, processes as a count. */
export const Limits = Type.Object(
  {
    memoryMb: Type.Integer({ minimum: 64, maximum: 1_048_576 }),
    cpus: Type.Number({ minimum: 0.05, maximum: 256 }),
    pids: Type.Integer({ minimum: 16, maximum: 1_000_000 }),
  },
  { additionalProperties: false },
);
export type Limits = Static<typeof Limits>;

/** Limits of a client created without any of its own. */
export const defaultLimits: Limits = { memoryMb: 512, cpus: 1, pids: 256 };

export const Locale = Type.Union([Type.Literal('ru'), Type.Literal('en')]);
export type Locale = Static<typeof Locale>;

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Object that refuses unknown members: a misspelt attribute is a fault, not silence. */
export const closed = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
