import type { ServerResponse } from 'node:http';
import { jsonApiMediaType } from './media-types.ts';

/** Writes a whole JSON:API document as the answer. */
export const sendDocument = (
  response: ServerResponse,
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const body = Buffer.from(JSON.stringify(document));
  response
    .writeHead(status, { 'Content-Type': jsonApiMediaType, 'Content-Length': body.length, ...headers })
    .end(body);
};
