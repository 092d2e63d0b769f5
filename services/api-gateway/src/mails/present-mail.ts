import {
  type Language,
  type MailView,
  withReasonInWords,
  type ResourceOf,
  type mailResource,
  type MailPreview,
  type mailPreviewResource,
  toOne,
} from '@alfa-cloud/contracts';

/** Resource `mails`. */
export const presentMail = (mail: MailView, language: Language): ResourceOf<typeof mailResource> => {
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

/** Resource `mail-previews`. */
export const presentMailPreview = (
  id: string,
  { subject, html, text, locale }: MailPreview,
): ResourceOf<typeof mailPreviewResource> => ({
  type: 'mail-previews',
  id,
  attributes: { subject, html, text, locale },
});
