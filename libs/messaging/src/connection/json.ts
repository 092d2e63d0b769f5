/** All messages are JSON in UTF-8. */
export const encode = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

const textOf = (data: Uint8Array): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');

/** @throws SyntaxError when the bytes are not JSON */
export const decode = (data: Uint8Array): unknown => JSON.parse(textOf(data));
