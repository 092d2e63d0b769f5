import type { Language } from '@alfa-cloud/contracts';
import type { ServerResponse } from 'node:http';
import { jsonApiMediaType } from './media-types.ts';

/**
 * Writes a whole JSON:API document as the answer.
 * @param language of the words in it
 */
export const sendDocument = (
  response: ServerResponse,
  status: number,
  { document, language }: { document: unknown; language: Language },
  headers: Readonly<Record<string, string>> = {},
): void => {
  // As a text it goes to the socket together with the headers, encoded once.
  const body = JSON.stringify(document);
  response
    .writeHead(status, {
      'Content-Type': jsonApiMediaType,
      'Content-Language': language,
      'Content-Length': Buffer.byteLength(body),
      ...headers,
    })
    .end(body);
};
