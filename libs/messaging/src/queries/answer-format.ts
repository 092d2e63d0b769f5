/*
 * An answer to a query is `{"result":…,"stale":true|false}`, with `,"position":"…"` before the end when the answering service tells its
 * position. Order and spacing are fixed, so that the text of the result can be inserted and cut out without parsing it.
 */
const resultStart = '{"result":';
const answerEnd = /,"stale":(true|false)(?:,"position":"(\d{1,20})")?\}$/;
/** Longest text that {@link answerEnd} matches. */
const answerEndMax = 60;

/**
 * @param resultJson the result as JSON text
 * @param position up to which the answering service has read the events; null when it does not tell
 */
export const encodeAnswer = (resultJson: string, stale: boolean, position: bigint | null = null): Buffer => {
  const told = position === null ? '' : `,"position":"${position}"`;
  return Buffer.from(`${resultStart}${resultJson},"stale":${stale}${told}}`, 'utf8');
};

/** The JSON text of the result; null when the answer carries faults instead of a result. */
export const cutAnswer = (
  text: string,
): { resultJson: string; stale: boolean; position: string | null } | null => {
  if (!text.startsWith(resultStart)) return null;
  const tail = answerEnd.exec(text.slice(-answerEndMax));
  if (tail === null) return null;
  const resultJson = text.slice(resultStart.length, text.length - tail[0].length);
  return { resultJson, stale: tail[1] === 'true', position: tail[2] ?? null };
};
