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

const INTEGER_KEYS = new Set(['$maxCount', '$maxAge', '$tb', '$cacheControl']);
const MAX_INT64 = DELETED_TRUNCATE_BEFORE;

interface ReviverContext {
  readonly source?: string;
}
/** The standard reviver's third parameter, which the type library does not know yet. */
const parseWithSource = JSON.parse as (
  text: string,
  reviver: (this: unknown, key: string, value: unknown, context: ReviverContext) => unknown,
) => unknown;

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    // Numbers keep their digits: `$tb` near 2^63 does not survive as a double.
    const parsed = parseWithSource(json, (_key, value, { source }) =>
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
export function parseLimits(json: string): StreamLimits {
  const metadata = parseObject(json);
  if (metadata === undefined) return NO_LIMITS;
  for (const key of INTEGER_KEYS) {
    const value = metadata[key];
    if (value === undefined) continue;
    if (typeof value !== 'bigint' || value > MAX_INT64 || value < -MAX_INT64 - 1n) return NO_LIMITS;
  }
  const acl = metadata['$acl'];
  if (acl !== undefined && (typeof acl !== 'object' || acl === null || Array.isArray(acl))) return NO_LIMITS;
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

function positive(value: unknown): number | undefined {
  if (typeof value !== 'bigint' || value <= 0n) return undefined;
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
}

/** The same metadata with another `$tb`, or undefined when the text is not a JSON object. */
export function withTruncateBefore(json: string, truncateBefore: number): string | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    return JSON.stringify({ ...parsed, $tb: truncateBefore });
  } catch {
    return undefined;
  }
}
