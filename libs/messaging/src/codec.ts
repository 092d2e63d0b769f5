/** Everything on the wire is JSON, encoded and decoded once. */
export const encode = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

export const textOf = (data: Uint8Array): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');

/** @throws SyntaxError when the bytes are not JSON */
export const decode = (data: Uint8Array): unknown => JSON.parse(textOf(data));

/*
 * An answer to a query is `{"result":…,"stale":true|false}`, with `,"position":"…"` before the end where the answering side tells its position;
 * always in this order and without blanks, so that the text of the result can be put in and cut out without parsing it.
 */
const resultStart = '{"result":';
const answerEnd = /,"stale":(true|false)(?:,"position":"(\d{1,20})")?\}$/;
/** Longest text that {@link answerEnd} matches. */
const answerEndMax = 60;

/**
 * @param resultJson the result as JSON text already
 * @param position up to which the answering side had come; null when that says nothing
 */
export const encodeAnswer = (resultJson: string, stale: boolean, position: bigint | null = null): Buffer => {
  const told = position === null ? '' : `,"position":"${position}"`;
  return Buffer.from(`${resultStart}${resultJson},"stale":${stale}${told}}`, 'utf8');
};

/** The JSON text of the result; null when the answer is not one with a result. */
export const cutAnswer = (
  text: string,
): { resultJson: string; stale: boolean; position: string | null } | null => {
  if (!text.startsWith(resultStart)) return null;
  const tail = answerEnd.exec(text.slice(-answerEndMax));
  if (tail === null) return null;
  const resultJson = text.slice(resultStart.length, text.length - tail[0].length);
  return { resultJson, stale: tail[1] === 'true', position: tail[2] ?? null };
};
