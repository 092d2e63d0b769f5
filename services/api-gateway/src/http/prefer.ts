/** Longest wait that a sender can ask for, in seconds. */
export const waitMaxSeconds = 60;

/**
 * Seconds of `Prefer: wait=<s>` (RFC 7240), at most {@link waitMaxSeconds}; 0 when not asked for.
 * A preference that can't be understood is ignored, as the RFC demands.
 */
export const waitSecondsOf = (header: string | string[] | undefined): number => {
  if (header === undefined) return 0;
  const text = typeof header === 'string' ? header : header.join(',');
  for (const preference of text.split(',')) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference)?.[1];
    if (seconds !== undefined) return Math.min(Number(seconds), waitMaxSeconds);
  }
  return 0;
};
