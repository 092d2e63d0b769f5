/** Stream metadata: the JSON in the newest event of `$$<stream>`, and what it says about which events may still be read. */

/** Largest number that a 64-bit revision can have; as `$tb` it means that the stream is deleted, until someone writes to it again. */
const DELETED_TRUNCATE_BEFORE = 9_223_372_036_854_775_807n;

/** The JSON of the metadata that a (soft) delete writes. */
export const DELETED_METADATA = `{"$tb":${DELETED_TRUNCATE_BEFORE}}`;

/** What the metadata of a stream says about the events that may be read. Absent means no such limit. */
export interface StreamLimits {
  readonly softDeleted: boolean;
  readonly maxCount?: number;
  readonly maxAgeSeconds?: number;
  readonly truncateBefore?: number;
}

export const NO_LIMITS: StreamLimits = { softDeleted: false };
/** A metadata stream always shows its newest event only. */
export const METASTREAM_LIMITS: StreamLimits = { softDeleted: false, maxCount: 1 };

const METASTREAM_PREFIX = '$$';
export const isMetastream = (name: string): boolean => name.startsWith(METASTREAM_PREFIX);
export const metastreamOf = (name: string): string => METASTREAM_PREFIX + name;
export const originalOf = (metastream: string): string => metastream.slice(METASTREAM_PREFIX.length);
/** The same for a stream and its metadata stream, since a write to either may write to the other. */
export const describedStream = (name: string): string => name.replace(/^(\$\$)+/, '');

const MAX_INT64 = DELETED_TRUNCATE_BEFORE;
/** Most seconds that a .NET TimeSpan holds. */
const MAX_SECONDS = 922_337_203_685n;
const INTEGERS = [
  ['$maxCount', MAX_INT64],
  ['$maxAge', MAX_SECONDS],
  ['$tb', MAX_INT64],
  ['$cacheControl', MAX_SECONDS],
] as const;
const ACL_KEYS = new Set(['$r', '$w', '$d', '$mr', '$mw']);

interface ReviverContext {
  readonly source?: string;
}
/** The standard reviver's third parameter and raw numbers, which the type library does not know yet. */
const json = JSON as unknown as {
  parse(
    text: string,
    reviver: (this: unknown, key: string, value: unknown, context: ReviverContext) => unknown,
  ): unknown;
  rawJSON(source: string): unknown;
  isRawJSON(value: unknown): boolean;
};

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    // Numbers keep their digits: `$tb` near 2^63 does not survive as a double.
    const parsed = json.parse(text, (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value,
    );
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the limits out of metadata JSON. Whatever is not well-formed metadata as a whole means no limits at all. */
export function parseLimits(text: string): StreamLimits {
  const metadata = parseObject(text);
  if (metadata === undefined) return NO_LIMITS;
  if (!isWellFormed(metadata)) return NO_LIMITS;
  const maxCount = positive(metadata['$maxCount']);
  const maxAgeSeconds = positive(metadata['$maxAge']);
  const truncateBefore = positive(metadata['$tb']);
  return {
    softDeleted: metadata['$tb'] === DELETED_TRUNCATE_BEFORE,
    ...(maxCount !== undefined && { maxCount }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(truncateBefore !== undefined && { truncateBefore }),
  };
}

function isWellFormed(metadata: Readonly<Record<string, unknown>>): boolean {
  for (const [key, max] of INTEGERS) {
    const value = metadata[key];
    if (value === undefined) continue;
    if (typeof value !== 'bigint' || value > max || value < -MAX_INT64 - 1n) return false;
  }
  const { $tmp: temporary, $acl: acl } = metadata;
  return (temporary === undefined || typeof temporary === 'boolean') && (acl === undefined || isAcl(acl));
}

const isAcl = (acl: unknown): boolean =>
  typeof acl === 'object' &&
  acl !== null &&
  !Array.isArray(acl) &&
  Object.entries(acl).every(
    ([key, roles]) => ACL_KEYS.has(key) && [roles].flat().every((role) => typeof role === 'string'),
  );

function positive(value: unknown): number | undefined {
  if (typeof value !== 'bigint' || value <= 0n) return undefined;
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}

/** The same metadata with another `$tb`, every number as it was written, or undefined when the text is not a JSON object. */
export function withTruncateBefore(text: string, truncateBefore: number): string | undefined {
  try {
    const parsed = json.parse(text, (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined ? json.rawJSON(source) : value,
    );
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed) || json.isRawJSON(parsed)) {
      return undefined;
    }
    return JSON.stringify({ ...parsed, $tb: truncateBefore });
  } catch {
    return undefined;
  }
}
