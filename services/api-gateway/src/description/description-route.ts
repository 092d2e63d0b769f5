import { Type } from 'typebox';
import type { Route } from '../http/route.ts';
import { route } from '../http/route.ts';
import { sendDocument } from '../http/send.ts';

const mediaType = 'application/json';

/** The description of all paths for programs, made from the same table as the server. */
export const descriptionRoute = (describe: () => unknown): Route =>
  route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description, OpenAPI 3.1',
    answers: { 200: '' },
    mediaType,
    document: Type.Unsafe({ type: 'object', description: 'The description.' }),
    parameters: Type.Object({}, { additionalProperties: false }),
    handle: async () => ({
      async stream(response) {
        sendDocument(response, 200, { document: describe(), language: 'en' }, { 'Content-Type': mediaType });
      },
    }),
  });
