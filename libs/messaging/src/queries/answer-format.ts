/*
 * An answer to a query is one line of JSON, `{"result":…,"stale":true|false}`, with `,"position":"…"` before the end when the answering
 * service tells its position. JSON has no line break of its own; bytes behind one are a text that nobody parses on its way.
 */
const lineBreak = 0x0a;

/**
 * @param resultJson the result as JSON text in one line
 * @param position up to which the answering service has read the events; null when it does not tell
 * @param text what is passed on as it is, in pieces; default none
 */
export const encodeAnswer = (
  resultJson: string,
  stale: boolean,
  position: bigint | null = null,
  text?: readonly Uint8Array[],
): Buffer => {
  const told = position === null ? '' : `,"position":"${position}"`;
  const line = `{"result":${resultJson},"stale":${stale}${told}}`;
  return text === undefined ? Buffer.from(line) : Buffer.concat([Buffer.from(`${line}\n`), ...text]);
};

/** The line of JSON, and the text behind it if there is one; both are parts of `bytes`. */
export const cutAnswer = ({
  buffer,
  byteOffset,
  byteLength,
}: Uint8Array): { json: Uint8Array; text?: Uint8Array } => {
  // A Buffer finds a byte many times as fast as other arrays do.
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const end = bytes.indexOf(lineBreak);
  return end < 0 ? { json: bytes } : { json: bytes.subarray(0, end), text: bytes.subarray(end + 1) };
};
