import type { ServerResponse } from 'node:http';
import { jsonApiMediaType } from './media-types.ts';

/** Writes a whole JSON:API document as the answer. */
export const sendDocument = (
  response: ServerResponse,
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  // As a text it goes to the socket together with the headers, encoded once.
  const body = JSON.stringify(document);
  response
    .writeHead(status, {
      'Content-Type': jsonApiMediaType,
      'Content-Length': Buffer.byteLength(body),
      ...headers,
    })
    .end(body);
};
