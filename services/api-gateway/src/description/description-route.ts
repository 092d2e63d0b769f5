import { Type } from 'typebox';
import type { Route } from '../http/route.ts';
import { route } from '../http/route.ts';
import { sendDocument } from '../http/send.ts';
import { describeApi } from './describe-api.ts';

/** The description of all paths for programs, made from the same table as the server. */
export const descriptionRoute = (routes: () => readonly Route[]): Route => {
  let description: unknown;
  return route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description, OpenAPI 3.1',
    answers: { 200: '' },
    parameters: Type.Object({}, { additionalProperties: false }),
    async handle() {
      description ??= describeApi(routes());
      return {
        async stream(response) {
          sendDocument(
            response,
            200,
            { document: description, language: 'en' },
            { 'Content-Type': 'application/json' },
          );
        },
      };
    },
  });
};
