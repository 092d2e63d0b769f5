import { type Language, type MailView, withReasonInWords } from '@alfa-cloud/contracts';
import { type Resource, toOne } from '../http/document.ts';

/** Names of the attributes of `mails`. */
export const mailFields = [
  'template',
  'origin',
  'status',
  'attempts',
  'messageId',
  'transport',
  'answer',
  'failure',
  'dueAt',
  'warning',
  'requestedAt',
  'sentAt',
] as const satisfies (keyof MailView)[];

/** Resource `mails`. */
export const presentMail = (mail: MailView, language: Language): Resource => {
  const { id, clientId, operationId, failure, ...attributes } = mail;
  return {
    type: 'mails',
    id,
    attributes: {
      ...attributes,
      failure: failure === null ? null : withReasonInWords(language, failure),
    },
    relationships: {
      client: toOne('clients', clientId),
      operation: toOne('operations', operationId),
    },
  };
};
