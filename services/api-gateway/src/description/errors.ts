import { faultCatalogue } from '@alfa-cloud/contracts';
import { type Problem, errorsOf, requestFaults } from '../http/problems.ts';

type Json = Record<string, unknown>;

/** Every code that an error can have. */
export const errorCodes = [
  ...Object.keys(requestFaults),
  ...Object.keys(faultCatalogue),
] as Problem['code'][];

/** Schema of a document of errors. */
export const errorsSchema = (): Json => ({
  title: 'Errors',
  description: 'A document of JSON:API that tells what is wrong.',
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      minItems: 1,
      description: 'Every fault.',
      items: {
        type: 'object',
        required: ['status', 'code', 'title', 'detail'],
        properties: {
          status: {
            type: 'string',
            description: 'HTTP status that the fault has by itself.',
            examples: ['422'],
          },
          code: {
            type: 'string',
            enum: errorCodes,
            description: 'Slug of the fault, for programs; it does not change.',
            examples: ['validation_failed'],
          },
          title: {
            type: 'string',
            description: 'What kind of fault it is, in the language asked for.',
            examples: ['Value is not valid'],
          },
          detail: {
            type: 'string',
            description: 'What is wrong, in the language asked for.',
            examples: ['There is no such build'],
          },
          source: {
            type: 'object',
            description: 'Place of the fault in the request.',
            properties: {
              pointer: {
                type: 'string',
                description: 'JSON pointer into the document that was sent.',
                examples: ['/data/attributes/limits/memoryMb'],
              },
              parameter: { type: 'string', description: 'Name of the query parameter.' },
              header: { type: 'string', description: 'Name of the header.' },
            },
          },
          meta: {
            type: 'object',
            description: 'Facts about the fault, e.g. the id of the operation in the way.',
          },
        },
      },
    },
  },
});

/** One document for each code, with the status that it is answered with. */
export const errorExamples = (): Json =>
  Object.fromEntries(
    errorCodes.map((code) => {
      const { errors } = errorsOf([{ code, detail: 'What is wrong, in a sentence' }]);
      return [code, { summary: `${errors[0]?.status} ${errors[0]?.title}`, value: { errors } }];
    }),
  );
