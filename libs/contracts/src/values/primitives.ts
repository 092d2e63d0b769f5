import { Type, type Static, type TSchema } from 'typebox';
import { asciiDomainPattern } from './domain-names.ts';

/**
 * Text of a form that a regular expression says. A pattern never stands without its sentence: validation refuses to compile one.
 * @param says completes "this value …", with an example in double quotes; who sent a value of another form reads it
 */
export const patterned = (
  pattern: string,
  says: string,
  limits: { minLength?: number; maxLength?: number } = {},
) => Type.String({ ...limits, pattern, description: says });

/** UUID in its canonical lower-case form. */
export const Id = patterned(
  '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  'must be an id in lower case like "5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90"',
);

/** RFC 3339 moment in UTC, millisecond precision: `2026-11-22T18:00:00.000Z`. */
export const Instant = Type.String({ format: 'date-time' });

/** Calendar day, `YYYY-MM-DD`. A client may be used to the end of this day in the zone of the installation. */
export const CalendarDate = Type.String({ format: 'date' });

/** Longest slug, characters; the sentence of {@link Slug} says it too. */
export const slugMax = 40;

/**
 * Technical name of a client: safe at once as a DNS label, Docker name, file name and (after `alfa_`) SQL identifier.
 * Lower-case letters, digits and single inner hyphens; begins with a letter; at most {@link slugMax} characters.
 */
export const Slug = patterned(
  `^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,${slugMax - 1}}$`,
  'must begin with a letter a-z, then have a-z, 0-9 and single hyphens, not at the end, at most 40 characters, like "lab-one"',
  { maxLength: slugMax },
);

/** DNS name of at least one label in the form that is stored; see `asciiDomain`. */
export const DomainName = patterned(
  asciiDomainPattern,
  'must be a DNS name of labels of a-z, 0-9 and inner hyphens, at most 190 characters, like "lab.example.org"',
  { maxLength: 190 },
);

/** Host name of a client or domain of a server as people write it, in any script and case. */
export const HostName = Type.String({ format: 'idn-hostname', maxLength: 254 });

/** E-mail address in the form that is stored, its domain in ASCII. */
export const Email = Type.String({ format: 'email', maxLength: 254 });

/** E-mail address as people write it, its domain in any script. */
export const WrittenEmail = Type.String({ format: 'idn-email', maxLength: 254 });

/** Docker image reference: repository with an optional registry and tag, or a digest. */
export const ImageReference = patterned(
  '^[a-z0-9]+(?:[._-][a-z0-9]+)*(?::[0-9]{1,5})?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$',
  'must be a Docker image: a name in lower case, then perhaps a tag or digest, like "registry.example.org:5000/alfa/client:1.4"',
  { maxLength: 255 },
);

/** Characters that no text for people holds: controls, and halves of surrogate pairs, which UTF-8 can't carry. */
const unprintable = '\\u0000-\\u001f\\u007f\\ud800-\\udfff';

/** A line of text for people: no control characters, so it can stand in a log line, a mail header or a page title. */
export const line = (maxLength: number) =>
  patterned(
    `^(?=.*\\S)[^${unprintable}\\u2028\\u2029]*$`,
    'must be one line with more than blanks and without control characters, like "Laboratory No. 1"',
    { minLength: 1, maxLength },
  );

/** A line of text to be found somewhere; blanks alone are one. */
export const searchText = (maxLength: number) =>
  patterned('^[^\\u0000-\\u001f\\u007f]*$', 'must be without control characters, like "first lab"', {
    minLength: 1,
    maxLength,
  });

/** Lines of text for people; stored with `\\n` as every line break. */
export const lines = (maxLength: number) =>
  patterned(
    `^(?=[^]*\\S)(?:[^${unprintable}\\u2028\\u2029]|[\\r\\n])*$`,
    'must be text with more than blanks, without control characters but line breaks, like "Back at 18:00"',
    { minLength: 1, maxLength },
  );

/** A password that fits on one line of standard input. */
export const passwordText = (limits: { minLength: number; maxLength: number }) =>
  patterned(
    `^[^${unprintable}]*$`,
    'must be without line breaks and other control characters, like "Blue-Kettle-42"',
    limits,
  );

/** A secret or personal value sealed by `libs/secrets`: `v1.<scope>.<nonce>.<ciphertext and tag>`, base64url. */
export const Sealed = patterned('^v1\\.[^\\s]+$', 'must be sealed, like "v1.transport.c2VhbGVk"');

/**
 * What the proxy lets through to an application. `uploadMb`: largest body of a request, MiB. `requestTimeoutS`: longest time without a byte
 * from the application, or taken by it, while a request is answered, s.
 */
const requestLimits = {
  uploadMb: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_240 })),
  requestTimeoutS: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600 })),
};
export const RequestLimits = Type.Object(requestLimits, { additionalProperties: false });
export type RequestLimits = Static<typeof RequestLimits>;

/** Limits of requests where neither the client nor its server has any of its own. */
export const defaultRequestLimits: Required<RequestLimits> = { uploadMb: 64, requestTimeoutS: 300 };

/** Limits of requests to a client: its own, else its server's, else the defaults. */
export const effectiveRequestLimits = (
  client: RequestLimits,
  server: RequestLimits | undefined,
): Required<RequestLimits> => ({
  uploadMb: client.uploadMb ?? server?.uploadMb ?? defaultRequestLimits.uploadMb,
  requestTimeoutS: client.requestTimeoutS ?? server?.requestTimeoutS ?? defaultRequestLimits.requestTimeoutS,
});

/** What a client may use: its container (memory in MiB, CPUs as a number of cores, processes as a count), and requests to it. */
export const Limits = Type.Object(
  {
    memoryMb: Type.Integer({ minimum: 64, maximum: 1_048_576 }),
    cpus: Type.Number({ minimum: 0.05, maximum: 256 }),
    pids: Type.Integer({ minimum: 16, maximum: 1_000_000 }),
    ...requestLimits,
  },
  { additionalProperties: false },
);
export type Limits = Static<typeof Limits>;

/** Limits of the container of a client created without any of its own. */
export const defaultLimits: Limits = { memoryMb: 512, cpus: 1, pids: 256 };

export const Locale = Type.Union([Type.Literal('ru'), Type.Literal('en')]);
export type Locale = Static<typeof Locale>;

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Object that refuses unknown members: a misspelt attribute is a fault, not silence. */
export const closed = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
