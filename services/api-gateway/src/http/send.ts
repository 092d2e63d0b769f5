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
  const pieces = piecesOf(document);
  response.writeHead(status, {
    'Content-Type': jsonApiMediaType,
    'Content-Language': language,
    'Content-Length': pieces.reduce((bytes, piece) => bytes + Buffer.byteLength(piece), 0),
    ...headers,
  });
  const last = pieces.pop();
  for (const piece of pieces) response.write(piece);
  response.end(last);
};

/** What is written in one turn goes to the socket together with the headers; a text is encoded once. */
const piecesOf = (document: unknown): (string | Uint8Array)[] => {
  if (!hasReadyData(document)) return [JSON.stringify(document)];
  const { data, ...others } = document;
  const rest = JSON.stringify(others).slice(1);
  return [dataMember, data, Buffer.from(rest === '}' ? rest : `,${rest}`)];
};

const dataMember = Buffer.from('{"data":');

const hasReadyData = (document: unknown): document is { data: Uint8Array } =>
  typeof document === 'object' &&
  document !== null &&
  'data' in document &&
  ArrayBuffer.isView(document.data);
