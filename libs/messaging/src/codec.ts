/** Everything on the wire is JSON, encoded and decoded once. */
export const encode = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

export const textOf = (data: Uint8Array): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');

/** @throws SyntaxError when the bytes are not JSON */
export const decode = (data: Uint8Array): unknown => JSON.parse(textOf(data));

/*
 * An answer to a query is `{"result":…,"stale":true|false}`, always in this order and without blanks,
 * so that the text of the result can be put in and cut out without parsing it.
 */
const resultStart = '{"result":';
const staleEnd = { true: ',"stale":true}', false: ',"stale":false}' } as const;

/** @param resultJson the result as JSON text already */
export const encodeAnswer = (resultJson: string, stale: boolean): Buffer =>
  Buffer.from(`${resultStart}${resultJson}${stale ? staleEnd.true : staleEnd.false}`, 'utf8');

/** The JSON text of the result; null when the answer is not one with a result. */
export const cutAnswer = (text: string): { resultJson: string; stale: boolean } | null => {
  if (!text.startsWith(resultStart)) return null;
  const stale = text.endsWith(staleEnd.true);
  const end = stale ? staleEnd.true : staleEnd.false;
  return text.endsWith(end)
    ? { resultJson: text.slice(resultStart.length, text.length - end.length), stale }
    : null;
};
